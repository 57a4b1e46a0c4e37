package io.chela.api.spi;

import io.chela.api.SessionKey;
import java.time.Instant;

/// A session in a list.
public record SessionSummary(SessionKey key, Instant createdAt, Instant updatedAt, long entries) {}
