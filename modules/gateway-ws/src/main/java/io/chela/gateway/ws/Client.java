package io.chela.gateway.ws;

import io.chela.api.Budget;
import io.chela.api.Json;
import io.chela.api.Principal;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.Scope;
import io.chela.auth.AuthResult;
import io.chela.auth.Authenticator;
import io.chela.auth.Claim;
import io.chela.edge.CloseCode;
import io.chela.edge.Gateway;
import io.chela.edge.WsChannel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import tools.jackson.databind.node.ObjectNode;

/// One connected client. Safe for many threads; nothing here blocks.
final class Client {
    /// How many requests of one client may be under way.
    static final int MAX_PENDING = 256;

    private final WsChannel channel;
    private final Claim claim;
    private final AuthResult.Granted granted;
    private final Set<Scope> scopes;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private long nextSeq = 1;
    private int pending;
    private boolean draining;
    private volatile Authenticator grantedBy;

    Client(WsChannel channel, Connect connect, Clock clock) {
        this.channel = channel;
        this.claim = connect.claim();
        this.granted = connect.granted();
        this.scopes = Set.copyOf(connect.scopes());
        this.clock = clock;
        this.grantedBy = connect.by();
    }

    Principal principal() {
        return granted.principal();
    }

    Claim claim() {
        return claim;
    }

    boolean has(Scope scope) {
        return scope.isIn(scopes);
    }

    /// Leaves the memory of the request that is being handled to whoever goes on with it.
    Budget.Hold handOver() {
        return channel.handOver();
    }

    void respond(Request request, ObjectNode payload) {
        channel.send(Frames.ok(request.id(), payload));
    }

    void refuse(Request request, ErrorShape error) {
        channel.send(Frames.error(request.id(), error));
    }

    /// A run that failed is told as both: what went wrong, and which run it was.
    void refuse(Request request, ErrorShape error, ObjectNode payload) {
        channel.send(Frames.error(request.id(), error, payload));
    }

    /// Sends the answer to `connect`, before which there is no event and after which none is missed.
    ///
    /// @param join lets events come
    void greet(String hello, Runnable join) {
        lock.lock();
        try {
            join.run();
            channel.send(hello);
        } finally {
            lock.unlock();
        }
    }

    /// Sends an event with the connection's next number.
    void event(String name, ObjectNode payload) {
        lock.lock();
        try {
            ObjectNode frame = Json.object().put("type", "event").put("event", name);
            frame.set("payload", payload);
            frame.put("seq", nextSeq);
            if (channel.send(Json.write(frame))) {
                nextSeq++;
            }
        } finally {
            lock.unlock();
        }
    }

    /// Counts a request that is answered later, until [#end].
    ///
    /// @throws ProblemException with `Busy` when there are too many
    void begin() {
        lock.lock();
        try {
            if (pending == MAX_PENDING) {
                throw new ProblemException(
                        new Problem.Busy("pending requests", "too many requests are under way", Duration.ofSeconds(1)));
            }
            pending++;
        } finally {
            lock.unlock();
        }
    }

    void end() {
        lock.lock();
        try {
            pending--;
            closeWhenIdle();
        } finally {
            lock.unlock();
        }
    }

    /// Says that the gateway is stopping, and closes once nothing is under way.
    void drain() {
        event("shutdown", Json.object().put("reason", "gateway stopping"));
        lock.lock();
        try {
            draining = true;
            closeWhenIdle();
        } finally {
            lock.unlock();
        }
    }

    /// Tells whether its credential has not expired and still grants what it did; else the connection is
    /// closed.
    boolean mayStay(Gateway now) {
        Instant time = clock.instant();
        if (granted.expires().filter(end -> !time.isBefore(end)).isPresent()) {
            channel.close(CloseCode.POLICY_VIOLATION, "credential expired");
            return false;
        }
        if (grantedBy == now.authenticator()) {
            return true;
        }
        if (!now.stillAdmits(claim, granted)) {
            channel.close(CloseCode.AUTH_CHANGED, "gateway auth changed");
            return false;
        }
        grantedBy = now.authenticator();
        return true;
    }

    private void closeWhenIdle() {
        if (draining && pending == 0) {
            channel.close(CloseCode.SERVICE_RESTART, "service restart");
        }
    }
}
