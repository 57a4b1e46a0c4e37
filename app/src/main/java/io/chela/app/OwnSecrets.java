package io.chela.app;

import io.chela.api.Secret;
import io.chela.api.spi.Settings;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The gateway's own token and password: of the command line, the file or the environment, in this order.
///
/// @param modeIsSet whether the file says which of them counts
record OwnSecrets(Optional<AuthConfig.OwnSecret> token, Optional<AuthConfig.OwnSecret> password, boolean modeIsSet) {
    static final String TOKEN_VARIABLE = "OPENCLAW_GATEWAY_TOKEN";
    static final String PASSWORD_VARIABLE = "OPENCLAW_GATEWAY_PASSWORD";
    static final Set<String> VARIABLES = Set.of(TOKEN_VARIABLE, PASSWORD_VARIABLE);

    /// What examples have in the place of a secret.
    private static final Set<String> PLACEHOLDERS =
            Set.of("change-me-to-a-long-random-token", "change-me-now", "change-me-to-a-strong-password");

    private static final Set<String> NOTHING = Set.of("undefined", "null");

    /// What may say a secret besides the file.
    ///
    /// @param shell the variables that a shell has too: those of `.env` files it has not
    /// @param option `--token`
    /// @param mistakes takes those of the environment and the command line
    record Sources(
            Map<String, String> environment,
            Set<String> shell,
            Optional<String> option,
            java.util.List<String> mistakes) {
        Optional<AuthConfig.OwnSecret> option(Optional<String> text) {
            return outside("--token", text);
        }

        Optional<AuthConfig.OwnSecret> variable(String name) {
            return outside(name, Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty()));
        }

        private Optional<AuthConfig.OwnSecret> outside(String name, Optional<String> text) {
            Optional<String> fault = text.flatMap(OwnSecrets::fault);
            fault.ifPresent(reason -> mistakes.add(name + ": " + reason));
            return text.filter(_ -> fault.isEmpty()).map(value -> secret(name, value));
        }

        private AuthConfig.OwnSecret secret(String name, String value) {
            Optional<String> variable = shell.stream()
                    .filter(known -> value.equals(environment.get(known)))
                    .min(Comparator.comparing((String known) -> !VARIABLES.contains(known))
                            .thenComparing(Comparator.naturalOrder()));
            return new AuthConfig.OwnSecret(new Secret(value), name, variable);
        }
    }

    static OwnSecrets read(Settings auth, Sources sources) {
        return new OwnSecrets(
                sources.option(sources.option())
                        .or(() -> inFile(auth, "token", sources))
                        .or(() -> auth.keys().contains("token") ? Optional.empty() : sources.variable(TOKEN_VARIABLE)),
                inFile(auth, "password", sources)
                        .or(() -> auth.keys().contains("password")
                                ? Optional.empty()
                                : sources.variable(PASSWORD_VARIABLE)),
                auth.keys().contains("mode"));
    }

    private static Optional<AuthConfig.OwnSecret> inFile(Settings auth, String key, Sources sources) {
        return secret(auth, key).map(value -> sources.secret("gateway.auth." + key, value));
    }

    /// A secret of the file; empty after a mistake.
    static Optional<String> secret(Settings settings, String key) {
        Optional<String> text = settings.text(key);
        Optional<String> fault = text.flatMap(OwnSecrets::fault);
        fault.ifPresent(reason -> settings.refuse(key, reason));
        return text.filter(_ -> fault.isEmpty());
    }

    /// Why a text cannot be a secret, without the text.
    private static Optional<String> fault(String text) {
        if (text.isBlank()) {
            return Optional.of("must not be blank");
        }
        if (!text.equals(text.strip())) {
            return Optional.of("must not begin or end with a blank: no header can carry it");
        }
        if (NOTHING.contains(text)) {
            return Optional.of("must not be the word '" + text + "', which a script leaves where a value is missing");
        }
        return PLACEHOLDERS.contains(text.toLowerCase(Locale.ROOT))
                ? Optional.of("must not be the placeholder of an example")
                : Optional.empty();
    }

    /// The mode when the file does not say one.
    AuthMode mode() {
        return password.isPresent() && token.isEmpty() ? AuthMode.PASSWORD : AuthMode.TOKEN;
    }

    /// The secret that counts in a mode; in trusted-proxy it is the password of callers on this machine.
    Optional<AuthConfig.OwnSecret> of(AuthMode mode) {
        return switch (mode) {
            case TOKEN -> token;
            case PASSWORD, TRUSTED_PROXY -> password;
            case NONE -> Optional.empty();
        };
    }
}
