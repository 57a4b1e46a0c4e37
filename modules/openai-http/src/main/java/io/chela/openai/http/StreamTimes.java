package io.chela.openai.http;

import java.time.Duration;

/// When a stream says something although its model does not.
///
/// @param hold how long the status line waits for the model's first word; a failure until then has its own status
/// @param silence how long a stream that has begun may be silent before a comment is sent; proxies cut silent ones
record StreamTimes(Duration hold, Duration silence) {
    static final StreamTimes STANDARD = new StreamTimes(Duration.ofSeconds(5), Duration.ofSeconds(10));
}
