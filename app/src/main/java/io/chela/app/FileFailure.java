package io.chela.app;

import io.chela.app.cli.Printable;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// Says why the system refused something with a file, for the middle of a sentence.
final class FileFailure {
    private FileFailure() {}

    /// @param path what was to be used; its owner is named where that is the reason
    static String words(Path path, IOException e) {
        String reason = e instanceof FileSystemException refused
                ? Optional.ofNullable(refused.getReason()).orElse("")
                : String.valueOf(e.getMessage());
        return switch (e) {
            case AccessDeniedException _ -> "permission denied" + owner(path);
            case FileAlreadyExistsException _ ->
                Files.isSymbolicLink(path)
                        ? "it is a link to a folder that is not there"
                        : "it is a file, not a folder";
            case NoSuchFileException _ -> "it is not there";
            case CharacterCodingException _ -> "it is no text";
            default ->
                switch (reason) {
                    case "Operation not permitted" ->
                        "others have rights to it that are not ours to take" + owner(path);
                    case "Read-only file system" -> "its disk is read-only";
                    case "No space left on device" -> "its disk is full";
                    case "Disk quota exceeded" -> "this user's share of its disk is full";
                    case "Not a directory" -> "a part of its path is a file, not a folder";
                    case "" -> "the system refused it";
                    default -> Printable.word(reason);
                };
        };
    }

    /// Whose it is, when it is somebody else's: of the path, or of the nearest folder above it that is there.
    private static String owner(Path path) {
        for (Path at = path; at != null; at = at.getParent()) {
            try {
                String owner = Files.getOwner(at).getName();
                return owner.equals(System.getProperty("user.name"))
                        ? ""
                        : ", " + at + " belongs to the user " + Printable.word(owner);
            } catch (IOException _) {
                // not there, or hidden: the one above it may tell
            }
        }
        return "";
    }
}
