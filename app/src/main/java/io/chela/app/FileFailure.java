package io.chela.app;

import io.chela.app.cli.Printable;
import io.chela.app.config.RegularFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// Why the system refused something with a file, and what to do: two halves of one sentence.
record FileFailure(String why, String remedy) {
    /// @param path what was to be used
    static FileFailure of(Path path, IOException e) {
        return switch (e) {
            case AccessDeniedException _ ->
                new FileFailure("permission denied" + owner(path), "make it readable and writable for this user");
            case FileAlreadyExistsException _
            when Files.isSymbolicLink(path) ->
                new FileFailure("it is a link to a folder that is not there", "make that folder");
            case FileAlreadyExistsException _ -> new FileFailure("it is a file, not a folder", "move the file away");
            case NoSuchFileException _ -> new FileFailure("it is not there", "make it");
            case CharacterCodingException _ -> new FileFailure("it is no text", "remove it");
            case FileSystemException refused ->
                ofReason(path, Optional.ofNullable(refused.getFile()), String.valueOf(refused.getReason()));
            default -> ofReason(path, Optional.empty(), String.valueOf(e.getMessage()));
        };
    }

    /// @param reason the words of the system
    private static FileFailure ofReason(Path path, Optional<String> file, String reason) {
        String named = file.map(name -> Path.of(name).getFileName() + " in it").orElse("it");
        return switch (reason) {
            case "Operation not permitted" ->
                new FileFailure("others have rights to it" + owner(path), "take them away (chmod 700)");
            case "Read-only file system" -> new FileFailure("its disk is read-only", "make it writable");
            case "No space left on device" -> new FileFailure("its disk is full", "make room");
            case "Disk quota exceeded" -> new FileFailure("this user's share of its disk is full", "make room");
            case "Not a directory" -> new FileFailure("a part of its path is a file", "move the file away");
            case RegularFile.NONE -> new FileFailure(named + " is no regular file", "move that away");
            case "Is a directory" -> new FileFailure(named + " is a folder, not a file", "move that folder away");
            default -> new FileFailure(Printable.word(reason), "make it readable and writable for this user");
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
