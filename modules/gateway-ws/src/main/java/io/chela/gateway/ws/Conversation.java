package io.chela.gateway.ws;

import io.chela.api.Json;
import io.chela.api.ProblemException;
import io.chela.auth.Claim;
import io.chela.edge.CloseCode;
import io.chela.edge.Gateway;
import io.chela.edge.LiveGateway;
import io.chela.edge.Problems;
import io.chela.edge.WsChannel;
import io.chela.edge.WsEnd;
import io.chela.edge.WsHandler;
import io.chela.edge.WsLimits;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.node.ObjectNode;

/// One WebSocket: first the handshake, then requests. Source: Gateway protocol, "Handshake" and "Errors and
/// close
/// codes".
final class Conversation implements WsHandler {
    /// How long a peer may take from the upgrade to its `connect`.
    static final Duration HANDSHAKE = Duration.ofSeconds(15);

    private static final System.Logger LOG = System.getLogger(Conversation.class.getName());

    private final LiveGateway live;
    private final Clients clients;
    private final Map<String, Method> methods;
    private final Hello hello;
    private volatile Optional<Client> client = Optional.empty();
    private boolean refused; // the line's thread alone

    Conversation(LiveGateway live, Clients clients, Map<String, Method> methods, Hello hello) {
        this.live = live;
        this.clients = clients;
        this.methods = methods;
        this.hello = hello;
    }

    @Override
    public void opened(WsChannel channel) {
        // Counted first: who has heard the challenge has its place, and one too many hears its end alone.
        clients.await(
                channel,
                new Waiting.Guest(
                        claim(channel).caller().counted(), clock().instant().plus(HANDSHAKE)));
        ObjectNode challenge = Json.object().put("type", "event").put("event", "connect.challenge");
        challenge
                .putObject("payload")
                .put("nonce", UUID.randomUUID().toString())
                .put("ts", clock().millis());
        channel.send(Json.write(challenge));
    }

    private Clock clock() {
        return live.now().clock();
    }

    @Override
    public boolean takesBinaryAsText() {
        return true;
    }

    @Override
    public void text(WsChannel channel, String message) {
        ObjectNode frame;
        try {
            frame = Json.readRequest(message);
        } catch (ProblemException e) {
            invalid(channel, "invalid", "invalid request frame: " + e.problem().message());
            return;
        }
        Optional<Request> request = Request.read(frame);
        if (request.isEmpty()) {
            invalid(channel, Request.idOf(frame), "invalid request frame: must be {type:\"req\",id,method,params?}");
        } else {
            try (var use = live.enter()) {
                take(channel, use.gateway(), request.get());
            }
        }
    }

    private void take(WsChannel channel, Gateway gateway, Request request) {
        if (client.isPresent()) {
            answer(gateway, client.get(), request);
        } else {
            connect(channel, gateway, request);
        }
    }

    /// Who has not connected is told no more than that.
    private void invalid(WsChannel channel, String id, String message) {
        if (client.isPresent()) {
            SocketLog.invalid(client.get(), id);
            channel.send(Frames.error(id, ErrorShape.invalid(message)));
        } else {
            channel.close(CloseCode.POLICY_VIOLATION, "invalid request frame");
        }
    }

    /// What the upgrade showed.
    private static Claim claim(WsChannel channel) {
        return channel.line().attached(Claim.class).orElseThrow();
    }

    private void connect(WsChannel channel, Gateway gateway, Request request) {
        Claim claim = gateway.claim(claim(channel));
        if (!gateway.allowsPage(claim)) { // another gateway let the page in
            channel.close(CloseCode.AUTH_CHANGED, "gateway auth changed");
            return;
        }
        try {
            var connect = Connect.read(request, claim, gateway.authenticator());
            var connected = new Client(channel, connect, gateway.clock());
            channel.maxMessageBytes(WsLimits.MAX_MESSAGE_BYTES);
            client = Optional.of(connected);
            clients.add(channel, connected, Frames.ok(request.id(), hello.payload(gateway, connect)));
        } catch (Connect.Refused e) {
            refused = true;
            SocketLog.refused(claim, request, e);
            channel.send(Frames.error(request.id(), e.error()));
            channel.close(e.closeCode(), e.error().message());
        }
    }

    private void answer(Gateway gateway, Client connected, Request request) {
        if (!connected.mayStay(gateway)) {
            return;
        }
        Method method = methods.get(request.method());
        try {
            if (request.method().equals("connect")) {
                throw new Refusal(ErrorShape.invalid("connect is only valid as the first request"));
            } else if (method == null) {
                throw new Refusal(ErrorShape.invalid("unknown method: " + request.method()));
            } else if (!connected.has(method.scope())) {
                throw new Refusal(ErrorShape.missing(method.scope()));
            }
            method.call(gateway, connected, request);
        } catch (Refusal e) {
            refuse(connected, request, e.error(), e.error().particular());
        } catch (ProblemException e) {
            ErrorShape error = ErrorShape.of(e.problem());
            refuse(connected, request, error, Problems.why(e.problem()).orElse(error.code()));
        } catch (RuntimeException e) {
            String id = UUID.randomUUID().toString();
            LOG.log(Level.ERROR, "internal error " + id, e);
            connected.refuse(request, ErrorShape.of(new io.chela.api.Problem.Internal(id)));
        }
    }

    private static void refuse(Client connected, Request request, ErrorShape error, String why) {
        SocketLog.refused(connected, request, why);
        connected.refuse(request, error);
    }

    @Override
    public void closed(WsChannel channel, WsEnd end) {
        clients.remove(channel, client);
        if (!refused) {
            SocketLog.closed(claim(channel), client, end);
        }
    }
}
