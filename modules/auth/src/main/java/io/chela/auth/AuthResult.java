package io.chela.auth;

import io.chela.api.Principal;
import io.chela.api.Problem;
import java.time.Instant;
import java.util.Optional;

/// What became of a credential.
public sealed interface AuthResult {
    /// Lets the caller in.
    ///
    /// @param principal with the scopes that the request left it
    /// @param expires from when on the credential grants nothing, whatever is open by then; empty for never
    record Granted(Principal principal, Optional<Instant> expires) implements AuthResult {
        public Granted(Principal principal) {
            this(principal, Optional.empty());
        }
    }

    record Denied(Problem problem) implements AuthResult {}
}
