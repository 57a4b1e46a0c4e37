package io.chela.edge;

import io.chela.api.Problem;
import io.chela.auth.Caller;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The outermost filter: ids and headers of every answer, the access log, and which connections may go on.
///
/// A connection ends, announced by `Connection: close`, after a request whose body was not read to its end.
/// Source: RFC 9112, 9.3.
final class Guard implements Filter {
    /// Empty and dot segments and matrix parameters: Helidon would resolve or drop them, so that one path had
    /// many names.
    private static final Pattern AMBIGUOUS = Pattern.compile("//|/(\\.|%2[eE]){1,2}(/|$)|;");

    private static final List<HeaderName> ONCE = List.of(HeaderNames.ORIGIN, HeaderNames.AUTHORIZATION);

    private static final String CONTINUE = "100-continue";

    private final LiveGateway live;
    private final Lifecycle lifecycle;

    Guard(LiveGateway live, Lifecycle lifecycle) {
        this.live = live;
        this.lifecycle = lifecycle;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        var exchange = new Exchange(request);
        Line line = Line.CURRENT.get();
        try (var use = live.enter()) {
            line.attach(LiveGateway.Use.class, use);
            var answers = new AnswerHeaders(use.gateway().edge().web());
            ScopedValue.where(Exchange.CURRENT, exchange).run(() -> {
                response.beforeSend(() -> beforeSend(exchange, answers, line, request, response));
                try {
                    proceed(chain, use.gateway(), request, response);
                } finally {
                    line.release();
                    log(exchange, line, request, response);
                }
            });
        } finally {
            line.detach(LiveGateway.Use.class); // what the line becomes, or waits for, must not keep an old gateway
        }
        settle(line, request, response);
    }

    private void beforeSend(
            Exchange exchange, AnswerHeaders answers, Line line, RoutingRequest request, RoutingResponse response) {
        // Not Exchange.id(): a stream may be opened by another thread than the request's.
        answers.stamp(response.headers(), request.headers(), exchange.requestId());
        if (response.status().code() == Status.SWITCHING_PROTOCOLS_101.code()) {
            return;
        }
        if (lifecycle.draining() || isUnread(request) || line.isInTheWay()) {
            response.headers().set(HeaderValues.CONNECTION_CLOSE);
        }
    }

    private static boolean isUnread(RoutingRequest request) {
        return request.content().hasEntity() && !request.content().consumed();
    }

    private static void proceed(FilterChain chain, Gateway gateway, RoutingRequest request, RoutingResponse response) {
        try {
            if (isAnswered(gateway.edge().limits().bodyBytes(), request, response)) {
                return;
            }
            if (!gateway.authenticator().trustsNoProxy()) {
                gateway.claim(request); // the access log names whom a proxy speaks for, whatever the path
            }
            Preflight.of(request, gateway.edge().web().cors())
                    .ifPresent(preflight -> Line.CURRENT.get().attach(Preflight.class, preflight));
            chain.proceed();
            if (response.hasEntity()) {
                response.commit();
            }
        } catch (CloseConnectionException e) {
            throw e;
        } catch (RuntimeException e) {
            // From a filter: what routes throw was answered further in.
            if (!response.resetStream()) {
                throw new CloseConnectionException("failed after the headers were sent", e);
            }
            Failures.answer(request, response, e);
        }
    }

    /// Answers what no route is asked about.
    private static boolean isAnswered(long maxBodyBytes, RoutingRequest request, RoutingResponse response) {
        if (expectsWhatWeDoNotKnow(request)) {
            Problems.send(response, new Problem.Refused(417, "`Expect` can only be `100-continue`."));
            return true;
        }
        Optional<Problem> doubled = doubled(request);
        if (doubled.isPresent()) {
            Problems.send(response, doubled.get());
            return true;
        }
        if (request.headers().contentLength().orElse(0) > maxBodyBytes) {
            Problems.send(response, new Problem.PayloadTooLarge(maxBodyBytes));
            return true;
        }
        String path = request.prologue().uriPath().rawPath();
        if (path.equals("*")) {
            response.status(Status.NO_CONTENT_204).send();
            return true;
        }
        if (AMBIGUOUS.matcher(path).find()) {
            Problems.send(response, new Problem.NotFound("There is nothing at this path."));
            return true;
        }
        Optional<Problem> packed = ContentCoding.unpack(request, maxBodyBytes);
        packed.ifPresent(problem -> {
            response.header(HeaderNames.ACCEPT_ENCODING, ContentCoding.ACCEPTED);
            Problems.send(response, problem);
        });
        return packed.isPresent();
    }

    /// Who calls must not depend on which of two lines is read, here or in a proxy.
    private static Optional<Problem> doubled(RoutingRequest request) {
        return ONCE.stream()
                .filter(name -> request.headers().all(name, List::of).size() > 1)
                .findFirst()
                .map(name -> new Problem.Malformed(
                        name.defaultCase(), "There may be only one `" + name.defaultCase() + "`."));
    }

    private static boolean expectsWhatWeDoNotKnow(RoutingRequest request) {
        return request.headers().values(HeaderNames.EXPECT).stream()
                .anyMatch(value -> !value.strip().equalsIgnoreCase(CONTINUE));
    }

    private static void log(Exchange exchange, Line line, RoutingRequest request, RoutingResponse response) {
        var entry = new AccessLog.Entry(
                request.prologue().method().text(),
                request.prologue().uriPath().rawPath(),
                response.hasEntity() ? response.status().code() : 0,
                response.hasEntity() ? response.bytesWritten() : 0,
                exchange.ageNanos(),
                Exchange.id(),
                caller(line));
        AccessLog.write(entry, exchange.notes());
    }

    private static String caller(Line line) {
        return line.attached(Caller.class)
                .map(caller -> caller.address().getHostAddress())
                .orElseGet(line::remoteAddress);
    }

    private static void settle(Line line, RoutingRequest request, RoutingResponse response) {
        if (line.isUpgraded()) {
            return;
        }
        if (!isUnread(request)) {
            line.bodyRead();
        }
        if (response.headers().containsToken(HeaderValues.CONNECTION_CLOSE)
                || request.headers().containsToken(HeaderValues.CONNECTION_CLOSE)
                || isUnread(request)) {
            throw new CloseConnectionException("the connection ends with this answer");
        }
        line.requestDone();
    }
}
