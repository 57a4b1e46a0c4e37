package io.chela.auth;

import io.chela.api.Principal;
import java.time.Instant;
import java.util.Optional;

/// One more credential beside the gateway's own: an entry of `gateway.auth.tokens`.
public record TokenEntry(SecretHash hash, Principal principal, Optional<Instant> expires) {}
