package io.chela.gateway.ws;

import io.chela.agent.routing.RouteRequest;
import io.chela.agent.runtime.Run;
import io.chela.api.Json;
import io.chela.api.RunId;
import io.chela.api.Scope;
import io.chela.api.SessionKey;
import io.chela.edge.Gateway;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// `chat.abort`: ends what runs in a session of the caller's own, or one run of it. Nothing to end is no error.
/// Source: Gateway protocol, `chat.abort`.
final class ChatAbortMethod implements Method {
    @Override
    public Scope scope() {
        return Scope.WRITE;
    }

    @Override
    public void call(Gateway gateway, Client client, Request request) {
        Optional<RunId> wanted = request.runId("runId");
        Optional<SessionKey> session = session(gateway, client, request);
        List<Run> runs = gateway.runtime().runs().running(client.principal().id()).stream()
                .filter(run -> run.session().equals(session))
                .filter(run -> wanted.isEmpty() || wanted.get().equals(run.id()))
                .toList();
        runs.forEach(Run::cancel);
        ObjectNode answer = Json.object().put("ok", true).put("aborted", !runs.isEmpty());
        var ids = answer.putArray("runIds");
        runs.forEach(run -> ids.add(run.id().value()));
        client.respond(request, answer);
    }

    private static Optional<SessionKey> session(Gateway gateway, Client client, Request request) {
        return gateway.router()
                .route(
                        client.principal(),
                        new RouteRequest(
                                Optional.empty(),
                                request.text("agentId").map(agent -> new RouteRequest.Named("agentId", agent)),
                                Optional.of(new RouteRequest.Named("sessionKey", request.required("sessionKey"))),
                                Optional.empty()))
                .session();
    }
}
