package io.chela.app;

import io.chela.api.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Which gateway a client command talks to, and with which credential.
///
/// @param url its origin with the scheme `ws` or `wss`
/// @param certificate the SHA-256 of the one certificate to trust; empty: what this machine trusts anyway
record GatewayAddress(URI url, Optional<Secret> token, Optional<String> certificate) {
    GatewayAddress(URI url, Optional<Secret> token) {
        this(url, token, Optional.empty());
    }

    /// What the command line says.
    record Options(
            Optional<String> url, Optional<Path> tokenFile, Optional<String> token, Optional<Path> stateFolder) {}

    /// Looks in this order: the options, `OPENCLAW_GATEWAY_URL` and `OPENCLAW_GATEWAY_TOKEN`, the state
    /// folder of a
    /// gateway
    /// on this machine.
    ///
    /// @throws UsageException when nothing names a gateway, or a named file cannot be read
    static GatewayAddress find(Options options, Map<String, String> environment) {
        Path state = StateFolder.locate(options.stateFolder(), environment);
        StateFolder.Announced found = options.url()
                .or(() -> variable(environment, "OPENCLAW_GATEWAY_URL"))
                .map(url -> new StateFolder.Announced(url, Optional.empty()))
                .or(() -> StateFolder.announced(state))
                .orElseThrow(() -> UsageException.failed("chela: no gateway is running on " + state
                        + "; start one with: chela gateway, or name one with --url"));
        Optional<Secret> token = options.tokenFile()
                .map(GatewayAddress::read)
                .or(options::token)
                .or(() -> variable(environment, "OPENCLAW_GATEWAY_TOKEN"))
                .or(() -> variable(environment, "OPENCLAW_GATEWAY_PASSWORD"))
                .or(() -> Optional.of(state.resolve("token"))
                        .filter(Files::isReadable)
                        .map(GatewayAddress::read))
                .filter(text -> !text.isBlank())
                .map(Secret::new);
        return new GatewayAddress(webSocket(found.url()), token, found.certificate());
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    /// The token in a file.
    ///
    /// @throws UsageException when it cannot be read
    static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException _) {
            throw UsageException.failed("chela: the token file " + file + " cannot be read");
        }
    }

    private static URI webSocket(String url) {
        try {
            URI uri = URI.create(url.replaceFirst("^http", "ws"));
            if (uri.getHost() != null && ("ws".equals(uri.getScheme()) || "wss".equals(uri.getScheme()))) {
                return uri;
            }
        } catch (IllegalArgumentException _) {
            // refused below, like every other address that is none
        }
        throw UsageException.wrong("chela: --url must look like ws://127.0.0.1:18789, not '" + url + "'");
    }
}
