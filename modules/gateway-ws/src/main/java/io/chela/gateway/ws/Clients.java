package io.chela.gateway.ws;

import io.chela.api.Json;
import io.chela.api.Scope;
import io.chela.edge.CloseCode;
import io.chela.edge.Gateway;
import io.chela.edge.LiveGateway;
import io.chela.edge.WsChannel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ObjectNode;

/// Every connected client, and every socket that has yet to connect.
final class Clients {
    /// How often clients hear that the gateway is alive; they give up after twice that.
    static final Duration TICK = Duration.ofSeconds(30);

    /// How often it is looked who may stay.
    static final Duration EXPIRY = Duration.ofMillis(500);

    private static final Duration GONE_POLL = Duration.ofMillis(10);

    private final LiveGateway live;
    private final Waiting waiting = new Waiting();
    private final Set<Client> connected = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;

    Clients(LiveGateway live) {
        this.live = live;
    }

    /// Takes a socket that has yet to connect, or closes it when its address has too many.
    void await(WsChannel channel, Waiting.Guest guest) {
        int most = live.now().keys(GatewayWsKeys.class).unauthenticatedSockets();
        if (!waiting.add(channel, guest, most)) {
            channel.close(CloseCode.TRY_AGAIN_LATER, "too many sockets without a connect from this address");
        } else if (draining) {
            restart(channel);
        }
    }

    /// Takes a client that has connected, and greets it: what happens from then on it is told.
    void add(WsChannel channel, Client client, String hello) {
        waiting.remove(channel);
        client.greet(hello, () -> connected.add(client));
        client.mayStay(live.now()); // it may have been let in by a gateway that is in force no more
        if (draining) {
            client.drain();
        }
    }

    void remove(WsChannel channel, Optional<Client> client) {
        waiting.remove(channel);
        client.ifPresent(connected::remove);
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

    /// Another gateway is in force.
    void reread() {
        Gateway now = live.now();
        connected.forEach(client -> client.mayStay(now));
    }

    void startTicking() {
        Clock clock = live.now().clock();
        every("ws-tick", TICK, () -> tick(clock));
        every("ws-expiry", EXPIRY, () -> endWhoMayNotStay(clock.instant()));
    }

    private void tick(Clock clock) {
        connected.forEach(client -> client.event("tick", Json.object().put("ts", clock.millis())));
    }

    private void endWhoMayNotStay(Instant now) {
        Gateway gateway = live.now();
        connected.forEach(client -> client.mayStay(gateway));
        waiting.late(now, channel -> channel.close(CloseCode.POLICY_VIOLATION, "no connect in time"));
    }

    private void every(String name, Duration pause, Runnable action) {
        Thread.ofVirtual().name(name).start(() -> {
            try {
                while (!draining) {
                    Thread.sleep(pause);
                    action.run();
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    void drain() {
        draining = true;
        connected.forEach(Client::drain);
        waiting.forEach(Clients::restart);
    }

    /// Waits until every client is gone: each is closed once its last answer is sent.
    void awaitNone(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!connected.isEmpty() && System.nanoTime() < end) {
            Thread.sleep(GONE_POLL);
        }
    }

    private static void restart(WsChannel channel) {
        channel.close(CloseCode.SERVICE_RESTART, "service restart");
    }
}
