package io.chela.edge;

import io.chela.auth.Authenticator;
import io.helidon.webserver.http.HttpRouting;

/// Finds out whom a proxy speaks for, for the access log of requests that no credential is asked of too.
public final class Attribution implements Feature {
    private final Authenticator authenticator;

    public Attribution(Authenticator authenticator) {
        this.authenticator = authenticator;
    }

    @Override
    public void route(HttpRouting.Builder http) {
        http.addFilter((chain, request, _) -> {
            Claims.of(request, authenticator);
            chain.proceed();
        });
    }
}
