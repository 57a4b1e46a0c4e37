package io.chela.openai.http;

import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.Scope;
import io.chela.auth.AuthResult;
import io.chela.edge.Gateway;
import io.chela.edge.Line;
import io.chela.edge.LiveGateway;
import io.chela.edge.Watch;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.sse.SseEvent;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.sse.SseSink;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// `GET /v1/events`: what the caller's runs do, as they do it, until somebody hangs up; see [RunNews] for the
/// events.
///
/// Ours, in no other API. It is written by Helidon's sink on the request's thread, which ends when the caller
/// leaves, when it does not read what waits for it, when its credential expires or is taken away, or when the
/// gateway stops.
final class Events implements Handler {
    private static final String COMMENT = "keep-alive";
    private static final HeaderName ACCEL = HeaderNames.create("X-Accel-Buffering");

    private final LiveGateway live;
    private final EventReaders readers;
    private final Duration commentEvery;

    Events(LiveGateway live, EventReaders readers, Duration commentEvery) {
        this.live = live;
        this.readers = readers;
        this.commentEvery = commentEvery;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) throws InterruptedException {
        LiveGateway.Use use = LiveGateway.Use.of(request);
        Gateway gateway = use.gateway();
        AuthResult.Granted granted = gateway.admit(request, Scope.READ);
        if (!request.headers().isAccepted(MediaTypes.TEXT_EVENT_STREAM)) {
            throw new ProblemException(new Problem.Refused(406, "This path answers text/event-stream only."));
        }
        response.header(HeaderValues.create(ACCEL, "no"));
        if (request.prologue().method().equals(Method.HEAD)) {
            response.header(HeaderValues.CONTENT_TYPE_EVENT_STREAM);
            response.send();
            return;
        }
        use.close(); // an answer that lasts for hours must not keep models open that were taken out since
        Line line = Line.CURRENT.get();
        var may = new EventReader.Admission(gateway.claim(request), granted);
        try (EventReader reader = readers.add(may, most(gateway), line::abort);
                Watch _ = line.onHangup(reader::close);
                SseSink sink = response.sink(SseSink.TYPE)) {
            reader.endUnlessAdmitted(live.now()); // another gateway may be in force by now
            write(reader, sink, granted.expires());
        }
    }

    private static int most(Gateway gateway) {
        return gateway.keys(OpenAiHttpKeys.class).eventReaders();
    }

    private void write(EventReader reader, SseSink sink, Optional<Instant> expires) throws InterruptedException {
        while (reader.isOpen()) {
            Duration left = expires.map(
                            at -> Duration.between(live.now().clock().instant(), at))
                    .orElse(commentEvery);
            if (!left.isPositive()) {
                return;
            }
            Optional<SseEvent> event = reader.next(left.compareTo(commentEvery) < 0 ? left : commentEvery);
            if (event.isPresent()) {
                sink.emit(event.get());
            } else if (reader.isOpen()) {
                sink.emit(SseEvent.builder().comment(COMMENT).build());
            }
        }
    }
}
