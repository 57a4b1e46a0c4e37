package io.chela.app.config;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/// Tells files from what only has their name: a pipe would be waited for without end, and a link leads elsewhere.
public final class RegularFile {
    /// The reason of the exception.
    public static final String NONE = "no regular file";

    /// The system's word for a folder in a file's place.
    private static final String FOLDER = "Is a directory";

    private RegularFile() {}

    /// The file itself; to be called before it is opened.
    ///
    /// @param links `NOFOLLOW_LINKS` where a link to a file is none either
    /// @throws FileSystemException when it is something else
    public static Path require(Path file, LinkOption... links) throws IOException {
        var found = Files.readAttributes(file, BasicFileAttributes.class, links);
        if (!found.isRegularFile()) {
            throw new FileSystemException(file.toString(), null, found.isDirectory() ? FOLDER : NONE);
        }
        return file;
    }

    /// The same for a file that need not be there yet, and is to be written: a link is none.
    public static Path requireOwn(Path file) throws IOException {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS) ? require(file, LinkOption.NOFOLLOW_LINKS) : file;
    }
}
