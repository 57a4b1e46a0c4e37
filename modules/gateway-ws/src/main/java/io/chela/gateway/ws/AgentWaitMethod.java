package io.chela.gateway.ws;

import io.chela.agent.runtime.Run;
import io.chela.api.Json;
import io.chela.api.RunId;
import io.chela.api.Scope;
import io.chela.api.TurnOutcome;
import io.chela.edge.Gateway;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// `agent.wait`: waits for a run of the caller's own to end.
///
/// A run that is unknown is answered at once as the protocol has it, `timeout`, with `known: false` to tell
/// it from
/// a slow one.
final class AgentWaitMethod implements Method {
    private static final long DEFAULT_TIMEOUT_MS = 30_000;
    private static final long MAX_TIMEOUT_MS = Duration.ofHours(1).toMillis();

    @Override
    public Scope scope() {
        return Scope.WRITE;
    }

    @Override
    public void call(Gateway gateway, Client client, Request request) {
        RunId id = request.runId("runId").orElseThrow(() -> request.missing("runId"));
        Duration patience =
                Duration.ofMillis(Math.min(request.number("timeoutMs", DEFAULT_TIMEOUT_MS), MAX_TIMEOUT_MS));
        Optional<Run> run = gateway.runtime().runs().find(client.principal().id(), id);
        if (run.isEmpty()) {
            client.respond(
                    request,
                    Json.object()
                            .put("runId", id.value())
                            .put("status", "timeout")
                            .put("known", false));
            return;
        }
        client.begin();
        Thread.ofVirtual().name("ws-wait").start(() -> waitFor(client, request, run.get(), patience));
    }

    private static void waitFor(Client client, Request request, Run run, Duration patience) {
        try {
            run.await(patience);
            client.respond(request, payload(run));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            client.end();
        }
    }

    private static ObjectNode payload(Run run) {
        ObjectNode payload = Json.object()
                .put("runId", run.id().value())
                .put("startedAt", run.startedAt().toEpochMilli());
        run.endedAt().ifPresent(at -> payload.put("endedAt", at.toEpochMilli()));
        run.outcome().ifPresentOrElse(outcome -> end(payload, outcome), () -> payload.put("status", "timeout"));
        return payload;
    }

    private static void end(ObjectNode payload, TurnOutcome outcome) {
        switch (outcome) {
            case TurnOutcome.Completed(var reason, var _) ->
                payload.put("status", "ok").put("stopReason", reason);
            case TurnOutcome.Cancelled _ -> payload.put("status", "error").put("error", "aborted");
            case TurnOutcome.TimedOut _ -> payload.put("status", "timeout").put("error", "timed out");
            case TurnOutcome.Failed(var problem) ->
                payload.put("status", "error").put("error", problem.message());
        }
        payload.put("outcome", outcome.word());
    }
}
