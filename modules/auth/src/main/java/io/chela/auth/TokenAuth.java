package io.chela.auth;

import io.chela.api.Secret;
import io.helidon.security.AuthenticationResponse;
import io.helidon.security.ProviderRequest;
import io.helidon.security.spi.AuthenticationProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Accepts secrets: the gateway's own token or password, as the operator with every scope, and those of
/// `gateway.auth.tokens`, each as a principal of its own.
///
/// A candidate is compared with every one of them, each in constant time.
public final class TokenAuth implements AuthenticationProvider {
    private record Known(SecretHash hash, Identity identity) {}

    private final List<Known> known = new ArrayList<>();

    public TokenAuth(Secret own) {
        this(own, List.of());
    }

    /// Accepts the shared token or password, and these.
    public TokenAuth(Secret own, List<TokenEntry> entries) {
        known.add(new Known(SecretHash.of(own.reveal()), Identity.shared()));
        entries.forEach(
                entry -> known.add(new Known(entry.hash(), new Identity(entry.principal(), entry.expires(), true))));
    }

    @Override
    public AuthenticationResponse authenticate(ProviderRequest request) {
        return request.env().headers().getOrDefault("Authorization", List.of()).stream()
                .flatMap(header -> Bearer.secret(header).stream())
                .findFirst()
                .flatMap(this::find)
                .map(identity -> AuthenticationResponse.success(Subjects.subject(identity)))
                .orElseGet(() -> AuthenticationResponse.failed("no such secret"));
    }

    private Optional<Identity> find(String secret) {
        SecretHash candidate = SecretHash.of(secret);
        Optional<Identity> found = Optional.empty();
        for (Known one : known) {
            if (one.hash().matches(candidate)) {
                found = Optional.of(one.identity()); // and goes on, so that the time says nothing
            }
        }
        return found;
    }
}
