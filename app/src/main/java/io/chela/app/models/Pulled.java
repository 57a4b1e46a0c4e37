package io.chela.app.models;

import java.nio.file.Path;

/// What came of fetching a model file.
public sealed interface Pulled {
    /// It is there, whole and checked.
    ///
    /// @param before whether it was there already
    record Ready(Path file, boolean before) implements Pulled {}

    /// It is not; a sentence says why and what to do.
    record Failed(String why) implements Pulled {}
}
