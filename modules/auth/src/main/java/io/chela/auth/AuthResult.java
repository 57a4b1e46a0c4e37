package io.chela.auth;

import io.chela.api.Principal;
import io.chela.api.Problem;

/// What became of a credential.
public sealed interface AuthResult {
    record Granted(Principal principal) implements AuthResult {}

    record Denied(Problem problem) implements AuthResult {}
}
