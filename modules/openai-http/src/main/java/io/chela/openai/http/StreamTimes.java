package io.chela.openai.http;

import java.time.Duration;

/// When a stream says something although there is nothing to say.
///
/// @param hold how long the status line waits for the model's first word; a failure until then has its own status
/// @param silence how long an answer that has begun may be silent before a comment is sent; proxies cut silent ones
/// @param eventSilence the same of `/v1/events`
record StreamTimes(Duration hold, Duration silence, Duration eventSilence) {
    static final StreamTimes STANDARD =
            new StreamTimes(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(15));
}
