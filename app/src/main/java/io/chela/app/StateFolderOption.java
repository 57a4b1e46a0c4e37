package io.chela.app;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The option of every command that needs to know a gateway's state folder.
final class StateFolderOption {
    @Option(names = "--state-dir", paramLabel = "DIR", description = "The gateway's state folder (~/.chela).")
    private @Nullable Path folder;

    /// The folder, if it is given.
    Optional<Path> given() {
        return Optional.ofNullable(folder);
    }

    /// The folder that counts, given or not.
    Path locate() {
        return StateFolder.locate(given(), System.getenv());
    }
}
