package io.chela.app;

import io.chela.api.Secret;
import io.chela.app.config.RegularFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;

/// The file with the gateway's own token, which only its owner may read.
record TokenFile(Path file) {
    private static final int TOKEN_BYTES = 32;

    /// A token that was generated, or read from the file where an earlier start left it.
    record Token(Secret secret, boolean isNew) {}

    /// The token in it; made when there is no file.
    ///
    /// @throws UsageException when the file cannot be read or written
    Token read() {
        try {
            if (Files.exists(file)) {
                StateFolder.restrict(file, StateFolder.OWNER_FILE);
                return new Token(
                        new Secret(Files.readString(RegularFile.require(file)).strip()), false);
            }
            byte[] random = new byte[TOKEN_BYTES];
            new SecureRandom().nextBytes(random);
            String token = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
            write(token);
            return new Token(new Secret(token), true);
        } catch (IOException e) {
            FileFailure failure = FileFailure.of(file, e);
            throw UsageException.failed("chela: the token file " + file + " cannot be used: " + failure.why() + "; "
                    + failure.remedy() + ", and a new token is made where there is none");
        } catch (IllegalArgumentException _) {
            throw UsageException.failed(
                    "chela: the token file " + file + " is empty; remove it to have a new token made");
        }
    }

    /// Whole or not at all: an empty file would end every later start.
    private void write(String token) throws IOException {
        Path part = Files.createTempFile(
                file.resolveSibling(""),
                "token",
                ".part",
                PosixFilePermissions.asFileAttribute(StateFolder.OWNER_FILE));
        try {
            Files.writeString(part, token + "\n");
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(part);
            throw e;
        }
    }
}
