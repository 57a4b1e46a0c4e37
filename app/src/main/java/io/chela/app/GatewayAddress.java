package io.chela.app;

import io.chela.api.Secret;
import io.chela.app.config.RegularFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which gateway a client command talks to, and with which credential.
///
/// @param url its origin with the scheme `ws` or `wss`
/// @param certificate the SHA-256 of the one certificate to trust; empty: what this machine trusts anyway
record GatewayAddress(URI url, Optional<Credential> credential, Optional<String> certificate) {
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    GatewayAddress(URI url, Optional<Secret> token) {
        this(url, token.map(secret -> new Credential(secret, "it was given")), Optional.empty());
    }

    Optional<Secret> token() {
        return credential.map(Credential::secret);
    }

    /// @param from where it was found, such as `--token`, to say what to correct when it is refused
    record Credential(Secret secret, String from) {}

    /// What the command line says.
    record Options(Optional<String> url, Optional<Path> tokenFile, Optional<String> token, Optional<Path> stateFolder) {

        /// The URL that is named, be it on the command line or in the environment.
        Optional<String> named(Map<String, String> environment) {
            return url.or(() -> variable(environment, "OPENCLAW_GATEWAY_URL"));
        }
    }

    /// Looks in this order: the options, `OPENCLAW_GATEWAY_URL` and `OPENCLAW_GATEWAY_TOKEN`, the state
    /// folder of a gateway on this machine. The token in that folder is never sent to another machine.
    ///
    /// @throws UsageException when nothing names a gateway, or a named file cannot be read
    static GatewayAddress find(Options options, Map<String, String> environment) {
        Path state = StateFolder.locate(options.stateFolder(), environment);
        FolderHolder.Address found = options.named(environment)
                .map(url -> new FolderHolder.Address(url, Optional.empty()))
                .orElseGet(() -> listening(state));
        URI url = webSocket(found.url());
        Optional<Credential> credential = options.tokenFile()
                .map(GatewayAddress::inFile)
                .or(() -> options.token().map(token -> new Credential(new Secret(token), "--token")))
                .or(() -> inVariable(environment, "OPENCLAW_GATEWAY_TOKEN"))
                .or(() -> inVariable(environment, "OPENCLAW_GATEWAY_PASSWORD"))
                .or(() -> Optional.of(state.resolve("token"))
                        .filter(file -> THIS_MACHINE.contains(url.getHost()) && Files.isReadable(file))
                        .map(GatewayAddress::inFile));
        return new GatewayAddress(url, credential, found.certificate());
    }

    private static FolderHolder.Address listening(Path state) {
        return FolderHolder.of(state)
                .orElseThrow(() -> UsageException.failed("chela: no gateway is running on " + state
                        + "; start one with: chela gateway, or name one with --url"))
                .address()
                .orElseThrow(() -> UsageException.failed(
                        "chela: the gateway on " + state + " is starting and does not listen yet; try again"));
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static Optional<Credential> inVariable(Map<String, String> environment, String name) {
        return variable(environment, name).map(token -> new Credential(new Secret(token), name));
    }

    private static Credential inFile(Path file) {
        String token = read(file);
        if (token.isBlank()) {
            throw UsageException.failed("chela: the token file " + file + " is empty");
        }
        return new Credential(new Secret(token), file.toString());
    }

    /// The token in a file.
    ///
    /// @throws UsageException when it cannot be read
    static String read(Path file) {
        try {
            return Files.readString(RegularFile.require(file)).strip();
        } catch (IOException e) {
            throw UsageException.failed("chela: the token file " + file + " cannot be read: "
                    + FileFailure.of(file, e).why());
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
