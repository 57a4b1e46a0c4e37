package io.chela.auth;

import io.chela.api.Principal;
import io.helidon.security.AuthenticationResponse;
import io.helidon.security.ProviderRequest;
import io.helidon.security.spi.AuthenticationProvider;

/// Takes everybody for the operator: `gateway.auth.mode: none`.
public final class OpenAuth implements AuthenticationProvider {
    @Override
    public AuthenticationResponse authenticate(ProviderRequest request) {
        return AuthenticationResponse.success(Subjects.subject(Identity.of(Principal.operator())));
    }
}
