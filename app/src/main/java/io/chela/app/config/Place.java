package io.chela.app.config;

import java.nio.file.Path;

/// Where something stands.
///
/// @param line from 1
/// @param column from 1, in characters
public record Place(Path file, int line, int column) {
    /// As a sentence names it; the file's name only where it is another than the one that everybody talks of.
    public String in(Path main) {
        String here = "line " + line + ", column " + column;
        return file.equals(main) ? here : file + ", " + here;
    }
}
