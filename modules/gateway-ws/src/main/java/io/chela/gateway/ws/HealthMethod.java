package io.chela.gateway.ws;

import io.chela.api.Agent;
import io.chela.api.Json;
import io.chela.api.Scope;
import io.chela.edge.Gateway;
import tools.jackson.databind.node.ObjectNode;

/// `health`: whether the gateway can answer, and for which agents.
final class HealthMethod implements Method {
    @Override
    public Scope scope() {
        return Scope.READ;
    }

    @Override
    public void call(Gateway gateway, Client client, Request request) {
        long started = System.nanoTime();
        var failing = gateway.readiness().failing();
        ObjectNode health = Json.object()
                .put("ok", failing.isEmpty())
                .put("ts", gateway.clock().millis());
        var reasons = health.putArray("failing");
        failing.forEach(reasons::add);
        health.putObject("channels");
        health.putArray("channelOrder");
        health.putObject("channelLabels");
        Agent byDefault = gateway.router().defaultAgent();
        health.put("defaultAgentId", byDefault.id().value());
        var agents = health.putArray("agents");
        for (Agent agent : gateway.router().agents()) {
            if (client.principal().mayUse(agent.id())) {
                agents.addObject()
                        .put("agentId", agent.id().value())
                        .put("isDefault", agent.id().equals(byDefault.id()));
            }
        }
        health.putObject("sessions").put("running", gateway.runtime().runs().running());
        health.put("durationMs", (System.nanoTime() - started) / 1_000_000);
        client.respond(request, health);
    }
}
