package io.chela.gateway.ws;

import io.chela.agent.runtime.Run;
import io.chela.api.Json;
import io.chela.api.ModelRef;
import io.chela.api.Problem;
import io.chela.api.RunEvent;
import io.chela.api.TurnOutcome;
import io.chela.api.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.node.ObjectNode;

/// One run as `agent` and `chat` events. Source: Gateway protocol, "Run lifecycle and events".
///
/// Both carry the whole text so far, so pieces are merged and sent at most every [#PACE]: without that a long
/// answer would
/// cost the square of its length. The number of a merged event is that of its last piece.
final class RunFeed {
    /// How often text is sent, while it is short.
    static final Duration PACE = Duration.ofMillis(75);

    /// With each so many characters text is sent less often, so that a long answer takes no more of a core than
    /// one of this length: each time all of it is sent.
    private static final int PACED_CHARS = 64 * 1024;

    private final Run run;
    private final Clients clients;
    private final ReentrantLock lock = new ReentrantLock();
    private final StringBuilder unsent = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    private long lastSeq;

    private RunFeed(Run run, Clients clients) {
        this.run = run;
        this.clients = clients;
    }

    static RunFeed start(Run run, Clients clients) {
        var feed = new RunFeed(run, clients);
        Thread.ofVirtual().name("ws-pace").start(feed::pace);
        return feed;
    }

    private void pace() {
        try {
            while (run.await(pace(sent())).isEmpty()) {
                flush();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private int sent() {
        lock.lock();
        try {
            return text.length();
        } finally {
            lock.unlock();
        }
    }

    /// How long to wait with the next piece when so many characters were sent already.
    static Duration pace(int chars) {
        return PACE.multipliedBy(1 + chars / PACED_CHARS);
    }

    void started(RunEvent event) {
        agent(
                event,
                "lifecycle",
                Json.object().put("phase", "start").put("startedAt", event.at().toEpochMilli()));
    }

    void calling(RunEvent event, ModelRef model) {
        agent(
                event,
                "lifecycle",
                Json.object()
                        .put("phase", "model")
                        .put("provider", model.provider())
                        .put("model", model.model()));
    }

    void used(RunEvent event, Usage usage) {
        agent(event, "usage", Json.object().put("outputTokens", usage.completionTokens()));
    }

    void text(RunEvent event, String piece) {
        lock.lock();
        try {
            unsent.append(piece);
            lastSeq = event.seq();
        } finally {
            lock.unlock();
        }
    }

    private void flush() {
        lock.lock();
        try {
            if (unsent.isEmpty()) {
                return;
            }
            String delta = unsent.toString();
            unsent.setLength(0);
            text.append(delta);
            Instant now = Instant.now();
            tell("agent", agentEvent(lastSeq, now, "assistant", assistant(delta)));
            ObjectNode chat = chatEvent("delta").put("deltaText", delta);
            chat.set("message", message(text.toString(), now));
            tell("chat", chat);
        } finally {
            lock.unlock();
        }
    }

    private ObjectNode assistant(String delta) {
        return Json.object().put("text", text.toString()).put("delta", delta).put("itemId", run.id() + ":1");
    }

    private void agent(RunEvent event, String stream, ObjectNode data) {
        lock.lock();
        try {
            flush();
            lastSeq = event.seq();
            tell("agent", agentEvent(lastSeq, event.at(), stream, data));
        } finally {
            lock.unlock();
        }
    }

    /// Tells how the run ended: once in each of the two event families.
    void ended() {
        lock.lock();
        try {
            flush();
            lastSeq++;
            TurnOutcome outcome = run.outcome().orElseThrow();
            Instant at = run.endedAt().orElseGet(Instant::now);
            tell("agent", agentEvent(lastSeq, at, "lifecycle", lifecycleEnd(outcome, at)));
            tell("chat", chatEnd(outcome, at));
        } finally {
            lock.unlock();
        }
    }

    private ObjectNode lifecycleEnd(TurnOutcome outcome, Instant at) {
        ObjectNode end = Json.object()
                .put("startedAt", run.startedAt().toEpochMilli())
                .put("endedAt", at.toEpochMilli())
                .put("outcome", outcome.word());
        return switch (outcome) {
            case TurnOutcome.Completed(var reason, var _) ->
                end.put("phase", "end").put("aborted", false).put("stopReason", reason);
            case TurnOutcome.Cancelled _ ->
                end.put("phase", "end")
                        .put("status", "cancelled")
                        .put("aborted", true)
                        .put("stopReason", "rpc");
            case TurnOutcome.TimedOut _ -> end.put("phase", "error").put("error", "timed out");
            case TurnOutcome.Failed(var problem) -> end.put("phase", "error").put("error", problem.message());
        };
    }

    private ObjectNode chatEnd(TurnOutcome outcome, Instant at) {
        return switch (outcome) {
            case TurnOutcome.Completed(var reason, var _) -> {
                ObjectNode last = chatEvent("final").put("stopReason", reason);
                last.set("message", message(text.toString(), at));
                yield last;
            }
            case TurnOutcome.Cancelled _ -> {
                ObjectNode last = chatEvent("aborted").put("stopReason", "rpc");
                last.set("message", message(text.toString(), at));
                yield last;
            }
            case TurnOutcome.TimedOut _ ->
                chatEvent("error").put("errorMessage", "timed out").put("errorKind", "timeout");
            case TurnOutcome.Failed(var problem) ->
                chatEvent("error").put("errorMessage", problem.message()).put("errorKind", kind(problem));
        };
    }

    private static String kind(Problem problem) {
        if (problem instanceof Problem.Upstream upstream) {
            return switch (upstream.kind()) {
                case RATE_LIMITED -> "rate_limit";
                case CONTEXT_LENGTH -> "context_length";
                case SILENT -> "timeout";
                case REJECTED, CONTENT_FILTER, UNAUTHORIZED, BILLING, UNKNOWN_MODEL, OVERLOADED, BROKEN, UNKNOWN ->
                    "unknown";
            };
        }
        return "unknown";
    }

    private ObjectNode agentEvent(long seq, Instant at, String stream, ObjectNode data) {
        ObjectNode event = Json.object().put("runId", run.id().value());
        run.session().ifPresent(key -> event.put("sessionKey", key.value()));
        event.put("agentId", run.agent().id().value()).put("stream", stream);
        event.set("data", data);
        return event.put("seq", seq).put("ts", at.toEpochMilli());
    }

    private ObjectNode chatEvent(String state) {
        ObjectNode event = Json.object().put("runId", run.id().value());
        run.session().ifPresent(key -> event.put("sessionKey", key.value()));
        return event.put("agentId", run.agent().id().value())
                .put("seq", lastSeq)
                .put("state", state);
    }

    private static ObjectNode message(String text, Instant at) {
        ObjectNode message = Json.object().put("role", "assistant");
        message.putArray("content").addObject().put("type", "text").put("text", text);
        return message.put("timestamp", at.toEpochMilli());
    }

    private void tell(String event, ObjectNode payload) {
        clients.tell(run.owner(), event, payload);
    }
}
