package io.chela.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chela.agent.runtime.Run;
import io.chela.api.SessionKey;
import io.chela.api.Turn;
import io.chela.api.TurnOutcome;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the access log says of a turn and its run: who, which agent, which session, what it cost, how it ended.
final class RunNotes {
    /// How much of a session key's SHA-256 is written, in hex digits: enough to find a session's lines, too
    /// little to find the key.
    private static final int HASH_DIGITS = 12;

    private RunNotes() {}

    /// What is known before the run.
    static Map<String, Object> of(Turn turn) {
        Map<String, Object> notes = new LinkedHashMap<>();
        notes.put(AccessLog.RUN, turn.run().value());
        notes.put(AccessLog.PRINCIPAL, turn.owner());
        notes.put(AccessLog.AGENT, turn.agent().id().value());
        turn.session().ifPresent(key -> notes.put(AccessLog.SESSION, hash(key)));
        return notes;
    }

    /// What is known after it.
    static Map<String, Object> of(Run run) {
        Map<String, Object> notes = new LinkedHashMap<>();
        notes.put(AccessLog.RUN, run.id().value());
        notes.put(AccessLog.PRINCIPAL, run.owner());
        notes.put(AccessLog.AGENT, run.agent().id().value());
        run.session().ifPresent(key -> notes.put(AccessLog.SESSION, hash(key)));
        run.saidAt()
                .ifPresent(at -> notes.put(
                        AccessLog.FIRST_TOKEN,
                        Duration.between(run.startedAt(), at).toMillis()));
        run.answer().usage().ifPresent(usage -> {
            notes.put(AccessLog.TOKENS_IN, usage.promptTokens());
            notes.put(AccessLog.TOKENS_OUT, usage.completionTokens());
        });
        run.outcome().ifPresent(outcome -> {
            notes.put(AccessLog.OUTCOME, outcome.word());
            if (outcome instanceof TurnOutcome.Failed(var problem)) {
                Problems.why(problem).ifPresent(why -> notes.put(AccessLog.WHY, why));
            }
        });
        return notes;
    }

    /// The same session has the same hash, whoever it belongs to.
    static String hash(SessionKey key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(key.value().getBytes(UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
