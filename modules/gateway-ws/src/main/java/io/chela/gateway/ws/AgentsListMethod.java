package io.chela.gateway.ws;

import io.chela.api.Agent;
import io.chela.api.Json;
import io.chela.api.Scope;
import io.chela.edge.Gateway;
import tools.jackson.databind.node.ObjectNode;

/// `agents.list`: the agents this client may use.
final class AgentsListMethod implements Method {
    @Override
    public Scope scope() {
        return Scope.READ;
    }

    @Override
    public void call(Gateway gateway, Client client, Request request) {
        ObjectNode list = Json.object()
                .put("defaultId", gateway.router().defaultAgent().id().value())
                .put("mainKey", Hello.MAIN_KEY)
                .put("scope", "per-sender");
        var agents = list.putArray("agents");
        for (Agent agent : gateway.router().agents()) {
            if (client.principal().mayUse(agent.id())) {
                ObjectNode entry = agents.addObject().put("id", agent.id().value());
                agent.name().ifPresent(name -> entry.put("name", name));
                ObjectNode model =
                        entry.putObject("model").put("primary", agent.model().toString());
                if (!agent.fallbacks().isEmpty()) {
                    var fallbacks = model.putArray("fallbacks");
                    agent.fallbacks().forEach(fallback -> fallbacks.add(fallback.toString()));
                }
            }
        }
        client.respond(request, list);
    }
}
