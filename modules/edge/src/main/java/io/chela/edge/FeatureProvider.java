package io.chela.edge;

import io.chela.api.spi.Extension;
import io.chela.api.spi.Settings;

/// Makes a door. Its [type][#type] is a name for lists and errors; the configuration has each door's own keys.
public interface FeatureProvider extends Extension {
    /// Reads the door's keys of the whole configuration into a record of the door's own type, which is found
    /// again by [Gateway#keys]; mistakes are added to the settings.
    ///
    /// Called at the start and whenever the configuration is read again. Opens nothing.
    Record read(Settings configuration);

    /// Builds the door, once, before what stands behind it. A door that its keys keep shut is built too, and
    /// lets nobody in: the next reading may open it.
    Feature open(LiveGateway live);
}
