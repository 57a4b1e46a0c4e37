package io.chela.edge;

import io.chela.agent.runtime.Run;
import io.chela.api.LogLine;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes one line per answer, and one per run of a WebSocket:
/// `id=… run=… principal=operator agent=main session=3fd02c… method=POST path=/v1/chat/completions status=200
/// bytes=512 ms=903 firstTokenMs=210 tokensIn=11 tokensOut=40 outcome=completed peer=127.0.0.1`.
///
/// What is not known is left out. Callers without a credential come in floods, so their lines are counted.
public final class AccessLog {
    static final String ID = "id";
    static final String RUN = "run";
    static final String PRINCIPAL = "principal";
    static final String AGENT = "agent";
    static final String SESSION = "session";
    static final String METHOD = "method";
    static final String MS = "ms";
    static final String FIRST_TOKEN = "firstTokenMs";
    static final String TOKENS_IN = "tokensIn";
    static final String TOKENS_OUT = "tokensOut";
    static final String OUTCOME = "outcome";

    /// Why it was refused or failed, where a status has several reasons.
    static final String WHY = "why";

    /// The kind of flood that callers with a missing or wrong credential are.
    public static final String UNAUTHENTICATED = "unauthenticated";

    private static final System.Logger LOG = System.getLogger("io.chela.access");

    /// Where floods are told, also when the access log is off.
    private static final System.Logger REFUSALS = System.getLogger("io.chela.edge.refusals");

    private static final int UNAUTHORIZED = 401;
    private static final int TOO_MANY = 429;
    private static final int FIRST_REFUSAL = 400;
    private static final int FIRST_FAILURE = 500;

    private static final List<String> ORDER = List.of(
            ID,
            RUN,
            PRINCIPAL,
            AGENT,
            SESSION,
            METHOD,
            "path",
            "status",
            "bytes",
            MS,
            FIRST_TOKEN,
            TOKENS_IN,
            TOKENS_OUT,
            OUTCOME,
            WHY,
            "peer");

    private AccessLog() {}

    /// @param status 0 when the caller left before there was an answer
    /// @param bytes of the answer, headers included
    record Entry(String method, String path, int status, long bytes, long nanos, String id, String peer) {}

    /// Writes a request's line.
    ///
    /// @param notes texts and whole numbers by their names
    static void write(Entry entry, Map<String, Object> notes) {
        if (isFlood(entry, notes)) {
            line(values(entry, notes))
                    .floods(entry.status() == UNAUTHORIZED ? UNAUTHENTICATED : "rate limited")
                    .log(REFUSALS, Level.WARNING);
        } else if (LOG.isLoggable(Level.INFO)) {
            line(values(entry, notes)).log(LOG, Level.INFO);
        }
    }

    /// Writes the line of a run that no HTTP request carries; the run must have ended.
    ///
    /// @param id the caller's id of the request that started it
    /// @param method the protocol's name of that request
    public static void write(Run run, String id, String method) {
        if (LOG.isLoggable(Level.INFO)) {
            Map<String, Object> values = new LinkedHashMap<>(RunNotes.of(run));
            values.put(ID, id);
            values.put(METHOD, method);
            var end = run.endedAt().orElse(run.startedAt());
            values.put(MS, Duration.between(run.startedAt(), end).toMillis());
            line(values).log(LOG, Level.INFO);
        }
    }

    /// A stranger who is told to go away; a run's 429 is its model's, and the caller is known.
    private static boolean isFlood(Entry entry, Map<String, Object> notes) {
        return entry.status() == UNAUTHORIZED || (entry.status() == TOO_MANY && !notes.containsKey(PRINCIPAL));
    }

    private static Map<String, Object> values(Entry entry, Map<String, Object> notes) {
        Map<String, Object> values = new LinkedHashMap<>(notes);
        values.put(ID, entry.id());
        values.put(METHOD, entry.method());
        values.put("path", entry.path());
        values.put("status", (long) entry.status());
        values.put("bytes", entry.bytes());
        values.put(MS, Duration.ofNanos(entry.nanos()).toMillis());
        values.putIfAbsent(OUTCOME, outcome(entry.status()));
        values.put("peer", entry.peer());
        return values;
    }

    /// The outcome of a request without a run.
    private static String outcome(int status) {
        if (status == 0) {
            return "gone";
        }
        return status < FIRST_REFUSAL ? "completed" : status < FIRST_FAILURE ? "refused" : "failed";
    }

    private static LogLine line(Map<String, Object> values) {
        var line = new LogLine();
        ORDER.forEach(name -> add(line, name, values.remove(name)));
        values.forEach((name, value) -> add(line, name, value));
        return line;
    }

    private static void add(LogLine line, String name, @org.jspecify.annotations.Nullable Object value) {
        switch (value) {
            case null -> {}
            case Long number -> line.number(name, number);
            default -> line.text(name, value.toString());
        }
    }
}
