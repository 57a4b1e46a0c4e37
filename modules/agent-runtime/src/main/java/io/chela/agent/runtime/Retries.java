package io.chela.agent.runtime;

import io.chela.api.Problem;
import io.chela.api.Problem.Upstream.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How often, and when, a model is asked again within one run.
///
/// @param pauses how long to wait before each retry; as many as there are retries at most
/// @param within a retry that would begin later than this after the first question is not made
record Retries(List<Duration> pauses, Duration within) {
    static final Retries STANDARD =
            new Retries(List.of(Duration.ofMillis(200), Duration.ofSeconds(1)), Duration.ofSeconds(10));

    private static final int SERVER_ERROR = 500;

    Retries {
        pauses = List.copyOf(pauses);
    }

    /// The pause before the next question; empty when there is none.
    ///
    /// @param made how many retries there were already
    /// @param elapsed since the first question
    Optional<Duration> next(int made, Duration elapsed) {
        return pauses.stream()
                .skip(made)
                .findFirst()
                .filter(pause -> elapsed.plus(pause).compareTo(within) <= 0);
    }

    /// Tells whether asking again may help: the server failed (5xx), or there was no connection or it was
    /// lost, in which case the problem has no status.
    static boolean mayPass(Problem problem) {
        return problem instanceof Problem.Upstream upstream
                && (upstream.kind() == Kind.OVERLOADED
                        || (upstream.kind() == Kind.BROKEN
                                && upstream.status()
                                        .filter(status -> status < SERVER_ERROR)
                                        .isEmpty()));
    }
}
