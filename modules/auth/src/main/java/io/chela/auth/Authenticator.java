package io.chela.auth;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chela.api.Principal;
import io.chela.api.Problem;
import io.helidon.security.Security;
import io.helidon.security.SecurityEnvironment;
import io.helidon.security.spi.AuthenticationProvider;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Checks the credential of a request, whichever door it came through. Safe for many threads.
public final class Authenticator {
    /// How many right credentials are remembered, so that each is checked by the provider once.
    static final int MAX_REMEMBERED = 1_000;

    private final Security security;
    private final Map<String, Principal> remembered = new ConcurrentHashMap<>();

    public Authenticator(AuthenticationProvider provider) {
        security = Security.builder()
                .tracingEnabled(false)
                .addAuthenticationProvider(provider, "credential")
                .build();
    }

    /// Checks a secret given on its own, as the Gateway protocol's `connect` does.
    public AuthResult checkSecret(String secret) {
        return check(Optional.of("Bearer " + secret));
    }

    /// Checks an `Authorization` header.
    public AuthResult check(Optional<String> authorization) {
        return authorization
                .flatMap(this::principal)
                .<AuthResult>map(AuthResult.Granted::new)
                .orElseGet(() -> new AuthResult.Denied(new Problem.Unauthenticated()));
    }

    private Optional<Principal> principal(String authorization) {
        String hash = hash(authorization);
        Principal known = remembered.get(hash);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Principal> principal = ask(authorization);
        if (principal.isPresent() && remembered.size() < MAX_REMEMBERED) {
            remembered.put(hash, principal.get());
        }
        return principal;
    }

    private Optional<Principal> ask(String authorization) {
        var environment = SecurityEnvironment.builder()
                .header("Authorization", authorization)
                .build();
        var answer = security.contextBuilder("credential")
                .env(environment)
                .build()
                .atnClientBuilder()
                .buildAndGet();
        return answer.status().isSuccess() ? answer.user().map(Subjects::principal) : Optional.empty();
    }

    private static String hash(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
