package io.chela.model.openai;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/// Reads a `Retry-After` header: whole seconds, or a date. Source: RFC 9110, 10.2.3.
final class RetryAfter {
    /// The longest wait that is passed on; what is longer is cut to it.
    static final Duration MAX = Duration.ofDays(365);

    private RetryAfter() {}

    /// How long to wait from `now` on; a date is rounded up to whole seconds, one that has passed is zero.
    static Optional<Duration> read(String header, Instant now) {
        String value = header.strip();
        if (value.matches("\\d{1,9}")) {
            return Optional.of(cut(Duration.ofSeconds(Long.parseLong(value))));
        }
        try {
            Instant date = DateTimeFormatter.RFC_1123_DATE_TIME.parse(value, Instant::from);
            Duration wait = Duration.between(now, date).plusNanos(999_999_999);
            return Optional.of(cut(wait.isNegative() ? Duration.ZERO : Duration.ofSeconds(wait.toSeconds())));
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private static Duration cut(Duration wait) {
        return wait.compareTo(MAX) > 0 ? MAX : wait;
    }
}
