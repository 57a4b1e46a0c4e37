package io.chela.edge;

import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A browser's question whether one of its pages may send a request.
///
/// It goes on to the routing, which knows the methods of the path. Source: Fetch, "CORS-preflight request".
///
/// @param headers the request headers that the page wants to send, as they came; empty when there are none
record Preflight(Optional<String> headers) {
    /// Longer or stranger lists are not echoed, so the browser refuses the request.
    private static final int MAX_HEADERS_LENGTH = 2048;

    private static final Pattern HEADER_LIST =
            Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+( *, *[A-Za-z0-9!#$%&'*+.^_`|~-]+)*+");

    /// How long a browser may remember the answer.
    private static final Duration REMEMBER = Duration.ofMinutes(10);

    /// Recognises one of a page that may call.
    static Optional<Preflight> of(RoutingRequest request, Cors cors) {
        ServerRequestHeaders headers = request.headers();
        boolean asked = request.prologue().method().equals(Method.OPTIONS)
                && headers.contains(HeaderNames.ACCESS_CONTROL_REQUEST_METHOD)
                && headers.first(HeaderNames.ORIGIN).flatMap(cors::answerTo).isPresent();
        return asked
                ? Optional.of(new Preflight(headers.first(HeaderNames.ACCESS_CONTROL_REQUEST_HEADERS)))
                : Optional.empty();
    }

    /// The one that this request is.
    static Optional<Preflight> current() {
        return Line.CURRENT.isBound() ? Line.CURRENT.get().attached(Preflight.class) : Optional.empty();
    }

    /// Answers 204; that the origin is allowed is said by [AnswerHeaders], as on every answer.
    void answer(ServerResponse response, List<String> methods) {
        response.status(Status.NO_CONTENT_204)
                .header(HeaderNames.ACCESS_CONTROL_ALLOW_METHODS, String.join(", ", methods))
                .header(HeaderNames.ACCESS_CONTROL_MAX_AGE, Long.toString(REMEMBER.toSeconds()));
        headers.filter(list -> list.length() <= MAX_HEADERS_LENGTH
                        && HEADER_LIST.matcher(list).matches())
                .ifPresent(list -> response.header(HeaderNames.ACCESS_CONTROL_ALLOW_HEADERS, list));
        response.send();
    }
}
