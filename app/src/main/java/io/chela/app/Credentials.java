package io.chela.app;

import io.chela.api.Secret;
import io.chela.auth.OpenAuth;
import io.chela.auth.TokenAuth;
import io.helidon.security.spi.AuthenticationProvider;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Where the gateway's secret comes from: the configuration, the environment, or the state folder.
final class Credentials {
    private static final String VARIABLE = "OPENCLAW_GATEWAY_TOKEN";

    private final AuthenticationProvider provider;
    private final Optional<Path> file;
    private final Optional<Secret> madeNow;
    private final Optional<String> forShell;

    Credentials(GatewayConfig config, Map<String, String> environment, StateFolder state) {
        Optional<Secret> ofEnvironment = Optional.ofNullable(environment.get(VARIABLE))
                .filter(value -> !value.isBlank())
                .map(Secret::new);
        if (config.auth() == GatewayConfig.AuthMode.NONE) {
            provider = new OpenAuth();
            file = Optional.empty();
            madeNow = Optional.empty();
            forShell = Optional.empty();
        } else if (config.token().or(() -> ofEnvironment).isPresent()) {
            provider = new TokenAuth(config.token().or(() -> ofEnvironment).orElseThrow());
            file = Optional.empty();
            madeNow = Optional.empty();
            forShell = Optional.of(
                    config.token().equals(ofEnvironment) || config.token().isEmpty() ? "$" + VARIABLE : "YOUR_TOKEN");
        } else {
            StateFolder.Token token = state.token();
            provider = new TokenAuth(token.secret());
            file = Optional.of(state.tokenFile());
            madeNow = Optional.of(token.secret()).filter(_ -> token.isNew());
            forShell = Optional.of("$(cat " + shell(state.tokenFile(), StateFolder.home(environment)) + ")");
        }
    }

    AuthenticationProvider provider() {
        return provider;
    }

    /// The file that holds the token; empty when the token is given otherwise.
    Optional<Path> file() {
        return file;
    }

    /// The token, when this start made it.
    Optional<Secret> madeNow() {
        return madeNow;
    }

    /// What a shell puts in for the token, without the token itself; empty when none is needed.
    Optional<String> forShell() {
        return forShell;
    }

    /// A path as a person would type it: `~` for the home folder, quotes where needed.
    private static String shell(Path path, Path home) {
        String text = path.startsWith(home) ? "~/" + home.relativize(path) : path.toString();
        return text.matches("[A-Za-z0-9_./~@+-]+")
                ? text
                : "'" + path.toString().replace("'", "'\\''") + "'";
    }
}
