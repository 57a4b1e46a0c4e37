package io.chela.gateway.ws;

import io.chela.api.Json;
import io.chela.api.Scope;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// Every connected client.
final class Clients {
    /// How often clients hear that the gateway is alive; they give up after twice that.
    static final Duration TICK = Duration.ofSeconds(30);

    /// How often it is looked who may stay.
    static final Duration EXPIRY = Duration.ofMillis(500);

    private final Set<Client> connected = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;

    void add(Client client) {
        connected.add(client);
        if (draining) {
            client.drain();
        }
    }

    void remove(Client client) {
        connected.remove(client);
    }

    /// Tells the clients of one owner that may read; an admin sees everything.
    void tell(String owner, String event, ObjectNode payload) {
        for (Client client : connected) {
            boolean theirs = client.principal().id().equals(owner) && client.has(Scope.READ);
            if (theirs || client.has(Scope.ADMIN)) {
                client.event(event, payload);
            }
        }
    }

    boolean isEmpty() {
        return connected.isEmpty();
    }

    void startTicking(Clock clock) {
        every("ws-tick", TICK, client -> client.event("tick", Json.object().put("ts", clock.millis())));
        every("ws-expiry", EXPIRY, client -> client.endIfExpired(clock.instant()));
    }

    private void every(String name, Duration pause, Consumer<Client> action) {
        Thread.ofVirtual().name(name).start(() -> {
            try {
                while (!draining) {
                    Thread.sleep(pause);
                    connected.forEach(action);
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    void drain() {
        draining = true;
        connected.forEach(Client::drain);
    }
}
