package io.chela.gateway.ws;

import io.chela.agent.runtime.Run;
import io.chela.api.Json;
import io.chela.api.Problem;
import io.chela.api.TurnOutcome;
import io.chela.api.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Says how a run ended, in the words of the protocol; `outcome` is ours, since those words tell abort and
/// time-out
/// alike.
final class RunResult {
    private RunResult() {}

    /// The payload of the last response of `agent`; the run must have ended.
    static ObjectNode payload(Run run) {
        ObjectNode payload = Json.object().put("runId", run.id().value());
        TurnOutcome outcome = run.outcome().orElseThrow();
        switch (outcome) {
            case TurnOutcome.Completed(var reason, var usage) -> {
                payload.put("status", "ok").put("summary", "completed");
                completed(payload.putObject("result"), run, reason, usage);
            }
            case TurnOutcome.Cancelled _ -> payload.put("status", "timeout").put("summary", "aborted");
            case TurnOutcome.TimedOut _ -> payload.put("status", "timeout").put("summary", "timed out");
            case TurnOutcome.Failed(var problem) ->
                payload.put("status", "error").put("summary", problem.message());
        }
        return payload.put("outcome", outcome.word());
    }

    /// The error beside the payload, for a run that failed.
    static Optional<ErrorShape> error(Run run) {
        return run.outcome()
                .flatMap(outcome -> outcome instanceof TurnOutcome.Failed(Problem problem)
                        ? Optional.of(ErrorShape.of(problem))
                        : Optional.empty());
    }

    private static void completed(ObjectNode result, Run run, String reason, Optional<Usage> usage) {
        result.putArray("payloads").addObject().put("text", run.answer().text()).putNull("mediaUrl");
        ObjectNode meta = result.putObject("meta")
                .put("durationMs", duration(run).toMillis())
                .put("stopReason", reason);
        ObjectNode agent = meta.putObject("agentMeta")
                .put("provider", run.model().provider())
                .put("model", run.model().model());
        run.session().ifPresent(key -> agent.put("sessionId", key.value()));
        usage.ifPresent(counts -> agent.set("usage", usage(counts)));
    }

    private static ObjectNode usage(Usage usage) {
        return Json.object()
                .put("input", usage.promptTokens())
                .put("output", usage.completionTokens())
                .put("total", usage.totalTokens());
    }

    static Duration duration(Run run) {
        Instant end = run.endedAt().orElse(run.startedAt());
        return Duration.between(run.startedAt(), end);
    }
}
