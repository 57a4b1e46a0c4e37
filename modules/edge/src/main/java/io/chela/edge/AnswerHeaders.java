package io.chela.edge;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.ServerResponseHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What every answer carries, whoever wrote it: its request's id, security headers, and leave for a page of
/// an allowed origin to read it.
///
/// @param strictTransportSecurity the header's value; empty: no such header
record AnswerHeaders(Cors cors, Optional<String> strictTransportSecurity) {
    private static final List<Header> SECURITY = List.of(
            HeaderValues.create("X-Content-Type-Options", "nosniff"),
            HeaderValues.create("Referrer-Policy", "no-referrer"),
            HeaderValues.create("Permissions-Policy", "camera=(), microphone=(self), geolocation=()"));

    /// What a door invents for its callers has this prefix, so pages see it too.
    private static final String INVENTED = "x-";

    /// Of that prefix, but for browsers and proxies; the id is exposed anyway.
    private static final Set<String> NOT_FOR_PAGES =
            Set.of("x-content-type-options", "x-accel-buffering", "x-request-id");

    AnswerHeaders(EdgeSettings.Web web) {
        this(web.cors(), web.strictTransportSecurity());
    }

    /// Says who we are to a caller whose request was not read.
    void stamp(ServerResponseHeaders answer, String id) {
        SECURITY.forEach(answer::set);
        strictTransportSecurity.ifPresent(value -> answer.set(HeaderNames.STRICT_TRANSPORT_SECURITY, value));
        answer.set(HeaderValues.create(Exchange.REQUEST_ID, id));
        if (cors.isOn()) {
            answer.set(HeaderNames.VARY, HeaderNames.ORIGIN.defaultCase()); // also where none is allowed: caches
        }
    }

    void stamp(ServerResponseHeaders answer, ServerRequestHeaders request, String id) {
        stamp(answer, id);
        request.first(HeaderNames.ORIGIN).flatMap(cors::answerTo).ifPresent(origin -> {
            answer.set(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
            answer.set(HeaderNames.ACCESS_CONTROL_EXPOSE_HEADERS, String.join(", ", exposed(answer)));
        });
    }

    private static List<String> exposed(ServerResponseHeaders answer) {
        List<String> names = new ArrayList<>(List.of("x-request-id", "Retry-After"));
        for (Header header : answer) {
            String name = header.name().toLowerCase(Locale.ROOT);
            if (name.startsWith(INVENTED) && !NOT_FOR_PAGES.contains(name)) {
                names.add(name);
            }
        }
        return names;
    }
}
