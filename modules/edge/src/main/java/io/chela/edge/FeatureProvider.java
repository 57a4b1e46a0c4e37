package io.chela.edge;

import io.chela.api.spi.Extension;
import io.chela.api.spi.Settings;
import java.util.Optional;

/// Makes a door. Its [type][#type] is a name for lists and errors; the configuration has each door's own keys.
public interface FeatureProvider extends Extension {
    /// Reads the door's keys of the whole configuration; mistakes are added to the settings. Opens nothing yet.
    Opening read(Settings configuration);

    /// A door that knows its keys.
    @FunctionalInterface
    interface Opening {
        /// Builds the door before what stands behind it; empty when the configuration keeps it shut.
        Optional<Feature> open(Gateway gateway);
    }
}
