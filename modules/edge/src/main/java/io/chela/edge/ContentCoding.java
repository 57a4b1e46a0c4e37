package io.chela.edge;

import io.chela.api.Problem;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.webserver.http.RoutingRequest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// How a request's body is packed: as gzip, or not at all. Source: RFC 9110, 8.4.
final class ContentCoding {
    /// What is accepted, for the answer to other ones. Source: RFC 9110, 15.5.16.
    static final String ACCEPTED = "gzip, identity";

    private static final Set<String> GZIP = Set.of("gzip", "x-gzip");

    private ContentCoding() {}

    /// Has the body unpacked as it is read; must come before anybody looks at the content.
    ///
    /// @param maxBytes most that it may be unpacked
    /// @return why it cannot be
    static Optional<Problem> unpack(RoutingRequest request, long maxBytes) {
        List<String> codings = codings(request.headers());
        if (codings.isEmpty() || !hasBody(request.headers())) {
            return Optional.empty();
        }
        if (codings.size() > 1 || !GZIP.contains(codings.getFirst())) {
            return Optional.of(new Problem.Refused(
                    415, "`Content-Encoding` must be `gzip`, or left out for a body that is not compressed."));
        }
        Line line = Line.CURRENT.get();
        request.streamFilter(body -> new GunzipBody(body, maxBytes, line::inflated));
        return Optional.empty();
    }

    private static List<String> codings(ServerRequestHeaders headers) {
        return headers.values(HeaderNames.CONTENT_ENCODING).stream()
                .map(coding -> coding.strip().toLowerCase(Locale.ROOT))
                .filter(coding -> !coding.isEmpty() && !coding.equals("identity"))
                .toList();
    }

    private static boolean hasBody(ServerRequestHeaders headers) {
        return headers.contains(HeaderNames.TRANSFER_ENCODING)
                || headers.contentLength().orElse(0) > 0;
    }
}
