package io.chela.openai.http;

import io.chela.agent.runtime.Run;
import io.chela.agent.runtime.RunObserver;
import io.chela.api.Json;
import io.chela.api.ModelEvent;
import io.chela.api.Problem;
import io.chela.api.RunEvent;
import io.chela.api.TurnEvent;
import io.chela.api.TurnOutcome;
import io.chela.edge.Problems;
import io.helidon.http.sse.SseEvent;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ObjectNode;

/// Makes events for `/v1/events` of what runs do; never with a word that somebody or a model said.
///
/// | `event:` | when | `data:` has, beside the members of all |
/// |---|---|---|
/// | `run.started` | the run has its session's lane | `model` |
/// | `run.first_token` | the model says its first text, tool call or other member | |
/// | `run.ended` | the outcome is there | `outcome`, `startedAt`, `finishReason`, `usage`, `error` |
///
/// All have `runId`, `agentId`, `sessionKey` (not without a session), `owner` and `ts`, in milliseconds since
/// 1970. `outcome` is `completed`, `cancelled`, `timed_out` or `failed`; `finishReason` and, when the model
/// counted, `usage` belong to a completed run; `error` has `type` and `code` as the HTTP error would, for a
/// run that failed or timed out. A run that was cancelled while it waited for its lane has a `run.ended` only.
final class RunNews implements RunObserver {
    private final EventReaders readers;

    /// Started, and silent so far. A run is itself its key: ids are unique for one owner only.
    private final Set<Run> silent = ConcurrentHashMap.newKeySet();

    RunNews(EventReaders readers) {
        this.readers = readers;
    }

    @Override
    public void happened(Run run, RunEvent event) {
        switch (event.event()) {
            case TurnEvent.Started _ -> {
                silent.add(run);
                readers.tell(run.owner(), () -> event("run.started", started(run, event.at())));
            }
            case ModelEvent.Text _, ModelEvent.ToolCallDelta _, ModelEvent.Extra _ -> {
                if (silent.remove(run)) {
                    readers.tell(run.owner(), () -> event("run.first_token", about(run, event.at())));
                }
            }
            case TurnEvent.Calling _, ModelEvent.Finish _, ModelEvent.Used _ -> {}
        }
    }

    @Override
    public void ended(Run run) {
        silent.remove(run);
        readers.tell(run.owner(), () -> event("run.ended", end(run)));
    }

    private static SseEvent event(String name, ObjectNode data) {
        return SseEvent.builder().name(name).data(Json.write(data)).build();
    }

    private static ObjectNode started(Run run, Instant at) {
        return about(run, at).put("model", run.model().toString());
    }

    private static ObjectNode end(Run run) {
        TurnOutcome outcome = run.outcome().orElseThrow();
        ObjectNode end = about(run, run.endedAt().orElseThrow())
                .put("startedAt", run.startedAt().toEpochMilli())
                .put("outcome", outcome.word());
        switch (outcome) {
            case TurnOutcome.Completed(var reason, var usage) -> {
                end.put("finishReason", reason);
                usage.ifPresent(counted -> end.set("usage", counted.json()));
            }
            case TurnOutcome.Failed(var problem) -> end.set("error", error(problem));
            case TurnOutcome.TimedOut _ -> end.set("error", error(new Problem.TimedOut()));
            case TurnOutcome.Cancelled _ -> {}
        }
        return end;
    }

    /// Without the message: a model's server may repeat in it what it was sent.
    private static ObjectNode error(Problem problem) {
        var said = Problems.body(problem).path("error");
        ObjectNode error = Json.object();
        error.set("type", said.path("type"));
        error.set("code", said.path("code"));
        return error;
    }

    private static ObjectNode about(Run run, Instant at) {
        ObjectNode about = Json.object()
                .put("runId", run.id().value())
                .put("agentId", run.agent().id().value());
        run.session().ifPresent(key -> about.put("sessionKey", key.value()));
        return about.put("owner", run.owner()).put("ts", at.toEpochMilli());
    }
}
