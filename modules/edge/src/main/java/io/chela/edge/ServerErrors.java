package io.chela.edge;

import io.chela.api.Json;
import io.chela.api.Problem;
import io.helidon.http.DirectHandler;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import java.util.HashMap;
import java.util.Map;

/// Answers what is refused before there is a request: by [Framing], and the little that Helidon still finds.
final class ServerErrors implements DirectHandler {
    private final LiveGateway live;

    private ServerErrors(LiveGateway live) {
        this.live = live;
    }

    static DirectHandlers handlers(LiveGateway live) {
        var handlers = DirectHandlers.builder();
        for (var type : EventType.values()) {
            handlers.addHandler(type, new ServerErrors(live));
        }
        return handlers.build();
    }

    @Override
    public TransportResponse handle(
            TransportRequest request, EventType type, Status status, ServerResponseHeaders headers, String message) {
        headers.set(HeaderValues.create(HeaderNames.CONTENT_TYPE, JsonAnswer.CONTENT_TYPE));
        if (request instanceof RefusedRequest) {
            Line.CURRENT.get().refused();
        }
        Problem problem = problem(request, status);
        boolean early = Exchange.current().isEmpty();
        if (early) {
            String id = Exchange.id();
            new AnswerHeaders(live.now().edge().web()).stamp(headers, request.headers(), id);
            log(request, status, problem, id);
        }
        return TransportResponse.builder()
                .status(status)
                .headers(headers)
                .keepAlive(false)
                .entity(Json.writeBytes(Problems.body(problem)))
                .build();
    }

    /// Never Helidon's own message: it may repeat what the caller sent.
    private Problem problem(TransportRequest request, Status status) {
        if (request instanceof RefusedRequest refused) {
            return refused.problem();
        }
        return switch (status.code()) {
            case 400 -> new Problem.Refused(400, "The request is not valid HTTP/1.1.");
            case 500 -> new Problem.Internal(Exchange.id());
            default -> new Problem.Refused(status.code(), status.reasonPhrase());
        };
    }

    private static void log(TransportRequest request, Status status, Problem problem, String id) {
        Map<String, Object> notes = new HashMap<>();
        Problems.why(problem).ifPresent(why -> notes.put(AccessLog.WHY, why));
        String peer = Line.CURRENT.isBound() ? Line.CURRENT.get().remoteAddress() : "";
        AccessLog.write(new AccessLog.Entry(request.method(), path(request), status.code(), 0, 0, id, peer), notes);
    }

    private static String path(TransportRequest request) {
        int query = request.path().indexOf('?');
        return query < 0 ? request.path() : request.path().substring(0, query);
    }
}
