package io.chela.app;

import io.chela.api.Secret;
import io.chela.auth.AuthRules;
import io.chela.auth.Authenticator;
import io.chela.auth.OpenAuth;
import io.chela.auth.ProxyAuth;
import io.chela.auth.TokenAuth;
import io.helidon.security.spi.AuthenticationProvider;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/// How callers of this gateway prove who they are: by a secret of the configuration, of the environment or of
/// the state folder, through a proxy, or not at all.
final class Credentials {
    private final AuthConfig config;
    private final Optional<Secret> secret;
    private final Optional<Path> file;
    private final Optional<Secret> madeNow;
    private final Optional<String> forShell;
    private final Optional<String> unknownToShell;

    Credentials(AuthConfig config, Map<String, String> environment, StateFolder state) {
        this.config = config;
        if (config.mode() == AuthMode.TOKEN && config.own().isEmpty()) {
            TokenFile.Token token = state.token();
            secret = Optional.of(token.secret());
            file = Optional.of(state.tokenFile());
            madeNow = Optional.of(token.secret()).filter(_ -> token.isNew());
            forShell = Optional.of("$(cat " + StateFolder.typed(state.tokenFile(), environment) + ")");
            unknownToShell = Optional.empty();
        } else {
            secret = config.own().map(AuthConfig.OwnSecret::secret);
            file = Optional.empty();
            madeNow = Optional.empty();
            forShell = config.own()
                    .map(own -> own.variable().map(name -> "$" + name).orElse(placeholder()));
            unknownToShell =
                    config.own().filter(own -> own.variable().isEmpty()).map(AuthConfig.OwnSecret::name);
        }
    }

    /// The first one.
    Authenticator authenticator(Clock clock) {
        return new Authenticator(secrets(), callers(), rules(clock));
    }

    /// The one after another, which knows the same addresses.
    Authenticator authenticator(Authenticator before, Clock clock) {
        return before.with(secrets(), callers(), rules(clock));
    }

    private Optional<AuthenticationProvider> secrets() {
        return secret.map(own -> new TokenAuth(own, config.entries()));
    }

    private Optional<AuthenticationProvider> callers() {
        return config.mode() == AuthMode.NONE
                ? Optional.of(new OpenAuth())
                : config.proxy().map(ProxyAuth::new);
    }

    private AuthRules rules(Clock clock) {
        return new AuthRules(config.rateLimit(), config.proxies(), config.origins(), clock);
    }

    /// Tells whether the gateway's own secret is the same.
    boolean hasSecretOf(Credentials other) {
        return secret.equals(other.secret);
    }

    AuthMode mode() {
        return config.mode();
    }

    /// The file that holds the token; empty when the token is given otherwise.
    Optional<Path> file() {
        return file;
    }

    /// The token, when this start made it.
    Optional<Secret> madeNow() {
        return madeNow;
    }

    /// What a shell puts in for the secret, without the secret itself, or what a person replaces by it; empty when
    /// none is needed.
    Optional<String> forShell() {
        return forShell;
    }

    private String placeholder() {
        return config.mode() == AuthMode.TOKEN ? "YOUR_TOKEN" : "YOUR_PASSWORD";
    }

    /// The key, variable or option that says the secret, when a person has to put it in.
    Optional<String> unknownToShell() {
        return unknownToShell;
    }
}
