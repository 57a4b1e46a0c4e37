package io.chela.app;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The options of every command that talks to a running gateway.
final class GatewayChoice {
    @Option(names = "--url", paramLabel = "URL", description = "The gateway, such as ws://127.0.0.1:18789.")
    private @Nullable String url;

    @Option(names = "--token-file", paramLabel = "FILE", description = "The file that holds the token.")
    private @Nullable Path tokenFile;

    @Option(names = "--token", paramLabel = "SECRET", description = "The token; others on this machine can see it.")
    private @Nullable String token;

    @Mixin
    private StateFolderOption stateFolder = new StateFolderOption();

    GatewayAddress.Options options() {
        return new GatewayAddress.Options(
                Optional.ofNullable(url),
                Optional.ofNullable(tokenFile),
                Optional.ofNullable(token),
                stateFolder.given());
    }

    /// Warns of a token that others can see. Once, before [#find].
    void warn() {
        if (token != null) {
            System.err.println(GatewayOptions.TOKEN_WARNING);
        }
    }

    /// @throws UsageException when nothing names a gateway
    GatewayAddress find() {
        Path state = stateFolder.locate();
        return GatewayAddress.find(options(), ConfigFile.environment(System.getenv(), state));
    }
}
