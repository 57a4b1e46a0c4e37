package io.chela.gateway.ws;

import io.chela.agent.routing.Route;
import io.chela.agent.routing.RouteRequest;
import io.chela.agent.runtime.Accepted;
import io.chela.agent.runtime.Run;
import io.chela.api.Budget;
import io.chela.api.Json;
import io.chela.api.Message;
import io.chela.api.Role;
import io.chela.api.RunId;
import io.chela.api.Scope;
import io.chela.api.Turn;
import io.chela.edge.AccessLog;
import io.chela.edge.Gateway;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// `agent`: one turn. It is answered twice: that it was taken, and how it ended; in between its events are
/// told.
///
/// The run outlives its caller. Its id is the caller's `idempotencyKey`: asked again with the same key, nothing
/// runs twice.
final class AgentMethod implements Method {
    /// In seconds: the runtime has a limit of its own.
    private static final long AS_LONG_AS_ANY = Long.MAX_VALUE;

    @Override
    public Scope scope() {
        return Scope.WRITE;
    }

    @Override
    public void call(Gateway gateway, Client client, Request request) {
        String message = request.required("message");
        RunId id = request.runId("idempotencyKey").orElseGet(RunId::random);
        Duration timeout = Duration.ofSeconds(request.number("timeout", AS_LONG_AS_ANY));
        Optional<Run> known = gateway.runtime().runs().find(client.principal().id(), id);
        if (known.isPresent()) {
            again(client, request, known.get());
            return;
        }
        client.begin();
        try {
            start(gateway, client, request, new Asked(turn(gateway, client, request, id, message), timeout));
        } catch (RuntimeException e) {
            client.end();
            throw e;
        }
    }

    /// @param timeout how long it may last
    private record Asked(Turn turn, Duration timeout) {}

    private static Turn turn(Gateway gateway, Client client, Request request, RunId id, String message) {
        Route route = gateway.router()
                .route(
                        client.principal(),
                        new RouteRequest(
                                Optional.empty(),
                                request.text("agentId").map(agent -> new RouteRequest.Named("agentId", agent)),
                                Optional.of(new RouteRequest.Named(
                                        "sessionKey", request.text("sessionKey").orElse(Hello.MAIN_KEY))),
                                Optional.empty()));
        return new Turn(
                id,
                client.principal().id(),
                route.agent(),
                route.session(),
                List.of(Message.of(Role.USER, message)),
                Json.object());
    }

    private static void start(Gateway gateway, Client client, Request request, Asked asked) {
        Turn turn = asked.turn();
        Accepted accepted = gateway.runtime().accept(turn, asked.timeout());
        ObjectNode taken = Json.object().put("runId", turn.run().value());
        turn.session().ifPresent(key -> taken.put("sessionKey", key.value()));
        client.respond(
                request,
                taken.put("agentId", turn.agent().id().value())
                        .put("status", "accepted")
                        .put("acceptedAt", gateway.clock().millis()));
        Budget.Hold memory = client.handOver();
        Thread.ofVirtual().name("ws-run").start(() -> {
            try (memory) {
                accepted.play(_ -> {});
                AccessLog.write(accepted.run(), request.id(), request.method());
                finish(client, request, accepted.run());
            } finally {
                client.end();
            }
        });
    }

    private static void again(Client client, Request request, Run run) {
        if (run.outcome().isPresent()) {
            finish(client, request, run);
        } else {
            client.respond(request, Json.object().put("runId", run.id().value()).put("status", "in_flight"));
        }
    }

    private static void finish(Client client, Request request, Run run) {
        ObjectNode result = RunResult.payload(run);
        RunResult.error(run)
                .ifPresentOrElse(error -> client.refuse(request, error, result), () -> client.respond(request, result));
    }
}
