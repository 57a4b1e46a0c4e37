package io.chela.auth;

import io.chela.api.Principal;
import io.chela.api.Scope;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What a provider says of a credential.
///
/// @param expires from when on it grants nothing
/// @param narrows whether `x-openclaw-scopes` can take scopes away: not from the gateway's own secret
record Identity(Principal principal, Optional<Instant> expires, boolean narrows) {
    /// The operator behind the gateway's own token or password.
    static Identity shared() {
        return new Identity(Principal.operator(), Optional.empty(), false);
    }

    static Identity of(Principal principal) {
        return new Identity(principal, Optional.empty(), true);
    }

    boolean isExpired(Instant now) {
        return expires.filter(end -> !now.isBefore(end)).isPresent();
    }

    /// The principal with those of the listed scopes that it has; an empty list leaves none, unknown names do
    /// not count.
    ///
    /// @param scopes separated by commas, as in `x-openclaw-scopes`
    Principal narrowed(Optional<String> scopes) {
        return scopes.isEmpty() || !narrows
                ? principal
                : new Principal(principal.id(), held(scopes.get()), principal.agents());
    }

    private Set<Scope> held(String scopes) {
        return Arrays.stream(scopes.split(","))
                .flatMap(name -> Scope.parse(name.strip()).stream())
                .filter(principal::has)
                .collect(Collectors.toSet());
    }
}
