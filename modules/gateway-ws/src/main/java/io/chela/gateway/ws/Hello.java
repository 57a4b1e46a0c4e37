package io.chela.gateway.ws;

import io.chela.api.Agent;
import io.chela.api.Json;
import io.chela.api.Scope;
import io.chela.api.SessionKey;
import io.chela.edge.Gateway;
import io.chela.edge.WsLimits;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// Writes `hello-ok`: what this gateway is and can do. Source: Gateway protocol, "Handshake".
final class Hello {
    static final String MAIN_KEY = "main";

    private static final List<String> EVENTS = List.of("agent", "chat", "shutdown", "tick");

    private final Set<String> methods;
    private final String bootId = UUID.randomUUID().toString();
    private final long startedAt;

    /// @param methods the names of what works; read when a client connects
    Hello(Clock clock, Set<String> methods) {
        this.methods = methods;
        this.startedAt = clock.millis();
    }

    ObjectNode payload(Gateway gateway, Connect connect) {
        ObjectNode hello = Json.object().put("type", "hello-ok").put("protocol", Connect.PROTOCOL);
        hello.putObject("server")
                .put("version", gateway.version())
                .put("connId", UUID.randomUUID().toString())
                .put("bootId", bootId);
        features(hello.putObject("features"));
        snapshot(gateway, hello.putObject("snapshot"));
        ObjectNode auth = hello.putObject("auth").put("role", "operator").put("method", "token");
        var scopes = auth.putArray("scopes");
        connect.scopes().stream().map(Scope::wire).sorted().forEach(scopes::add);
        hello.putObject("policy")
                .put("maxPayload", WsLimits.MAX_MESSAGE_BYTES)
                .put("maxBufferedBytes", WsLimits.DEFAULTS.outboxBytes())
                .put("tickIntervalMs", Clients.TICK.toMillis());
        return hello;
    }

    private void features(ObjectNode features) {
        var names = features.putArray("methods");
        methods.forEach(names::add);
        var events = features.putArray("events");
        EVENTS.forEach(events::add);
        features.putArray("capabilities");
    }

    private void snapshot(Gateway gateway, ObjectNode snapshot) {
        Agent agent = gateway.router().defaultAgent();
        snapshot.putArray("presence");
        snapshot.putObject("health");
        snapshot.putObject("stateVersion").put("presence", 0).put("health", 0);
        snapshot.put("uptimeMs", gateway.clock().millis() - startedAt);
        snapshot.putObject("sessionDefaults")
                .put("defaultAgentId", agent.id().value())
                .put("mainKey", MAIN_KEY)
                .put("mainSessionKey", SessionKey.of(agent.id(), MAIN_KEY).value())
                .put("scope", "per-sender")
                .put("modelConfigured", true);
        snapshot.put("authMode", "token");
    }
}
