package io.chela.auth;

import io.chela.api.Principal;
import io.chela.api.Secret;
import io.helidon.security.AuthenticationResponse;
import io.helidon.security.ProviderRequest;
import io.helidon.security.spi.AuthenticationProvider;

/// Accepts one shared secret, compared in constant time, as the operator with every scope.
public final class TokenAuth implements AuthenticationProvider {
    private final Secret token;

    public TokenAuth(Secret token) {
        this.token = token;
    }

    @Override
    public AuthenticationResponse authenticate(ProviderRequest request) {
        return request.env().headers().getOrDefault("Authorization", java.util.List.of()).stream()
                        .flatMap(header -> Bearer.secret(header).stream())
                        .anyMatch(token::matches)
                ? AuthenticationResponse.success(Subjects.subject(Principal.operator()))
                : AuthenticationResponse.failed("no such token");
    }
}
