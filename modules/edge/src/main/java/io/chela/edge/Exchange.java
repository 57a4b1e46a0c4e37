package io.chela.edge;

import io.chela.agent.runtime.Run;
import io.chela.api.Turn;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.RoutingRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// One request and its answer, for log lines: the request's id and what doors note about it.
public final class Exchange {
    /// Carries the request's id, both ways.
    public static final HeaderName REQUEST_ID = HeaderNames.create("x-request-id");

    static final ScopedValue<Exchange> CURRENT = ScopedValue.newInstance();

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,128}");
    private static final int MAX_NOTES = 16;

    private final String id;
    private final boolean head;
    private final long startedNanos = System.nanoTime();
    private final Map<String, Object> notes = new LinkedHashMap<>();

    Exchange(RoutingRequest request) {
        this.id = request.headers()
                .first(REQUEST_ID)
                .filter(given -> ID.matcher(given).matches())
                .orElseGet(Exchange::freshId);
        this.head = request.prologue().method().equals(Method.HEAD);
    }

    static String freshId() {
        return UUID.randomUUID().toString();
    }

    /// The request's id: the caller's own, or a random one; of a failure outside of any request, a random one.
    public static String id() {
        return current().map(exchange -> exchange.id).orElseGet(Exchange::freshId);
    }

    /// Adds a note to the request's line in the access log, such as `agent`, `main`; never a message's text.
    ///
    /// Only on the request's thread, elsewhere it does nothing. Notes over 16 are dropped.
    public static void note(String name, String value) {
        noteAll(Map.of(name, value));
    }

    /// Notes who asks which agent, in which session, in what run; the session's key as its hash.
    public static void note(Turn turn) {
        noteAll(RunNotes.of(turn));
    }

    /// Notes what a run cost and how it ended.
    public static void note(Run run) {
        noteAll(RunNotes.of(run));
    }

    private static void noteAll(Map<String, Object> more) {
        current()
                .ifPresent(exchange -> more.forEach((name, value) -> {
                    if (exchange.notes.size() < MAX_NOTES || exchange.notes.containsKey(name)) {
                        exchange.notes.put(name, value);
                    }
                }));
    }

    static Optional<Exchange> current() {
        return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
    }

    /// Tells whether the answer has headers only.
    static boolean isHead() {
        return current().map(exchange -> exchange.head).orElse(false);
    }

    String requestId() {
        return id;
    }

    long ageNanos() {
        return System.nanoTime() - startedNanos;
    }

    Map<String, Object> notes() {
        return new LinkedHashMap<>(notes);
    }
}
