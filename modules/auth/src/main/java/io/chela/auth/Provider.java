package io.chela.auth;

import io.helidon.security.Security;
import io.helidon.security.SecurityEnvironment;
import io.helidon.security.spi.AuthenticationProvider;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Asks one provider of helidon-security.
final class Provider {
    /// The attribute of the environment that holds the [Caller].
    static final String CALLER = "caller";

    private static final System.Logger LOG = System.getLogger(Provider.class.getName());

    private final Security security;

    Provider(AuthenticationProvider provider) {
        security = Security.builder()
                .tracingEnabled(false)
                .addAuthenticationProvider(provider, "credential")
                .build();
    }

    /// Shows the secret alone: the answer may be remembered under it.
    Optional<Identity> ask(String secret) {
        return ask(SecurityEnvironment.builder().header("Authorization", "Bearer " + secret));
    }

    /// Shows who calls, and all headers.
    Optional<Identity> ask(Caller caller, Map<String, List<String>> headers) {
        return ask(SecurityEnvironment.builder().headers(headers).addAttribute(CALLER, caller));
    }

    private Optional<Identity> ask(SecurityEnvironment.Builder environment) {
        var answer = security.contextBuilder("credential")
                .env(environment.build())
                .build()
                .atnClientBuilder()
                .buildAndGet();
        try {
            return answer.status().isSuccess() ? answer.user().map(Subjects::identity) : Optional.empty();
        } catch (IllegalArgumentException e) {
            LOG.log(System.Logger.Level.WARNING, "a credential names what cannot be: it is refused", e);
            return Optional.empty();
        }
    }
}
