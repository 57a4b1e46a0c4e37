package io.chela.edge;

import io.chela.api.Problem;
import io.helidon.http.DirectHandler;
import io.helidon.http.RequestException;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.http.Status;
import io.helidon.http.WritableHeaders;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A request whose head was refused, on its way through Helidon to [ServerErrors].
///
/// @param method empty when it has none that could be told
/// @param path without its query; empty when it has none that could be told
record RefusedRequest(Problem problem, String method, String path) implements DirectHandler.TransportRequest {
    /// What is no method and path is not told: it may be anything, also a secret.
    private static final Pattern TOLD = Pattern.compile("([A-Z]{1,16}) (/[!-~&&[^?#;]]*)?.*", Pattern.DOTALL);

    /// @param head what there is of it
    static RefusedRequest of(Problem problem, String head) {
        Matcher told = TOLD.matcher(head);
        if (!told.matches()) {
            return new RefusedRequest(problem, "", "");
        }
        String path = told.group(2);
        return new RefusedRequest(problem, told.group(1), path == null ? "" : path);
    }

    /// Ends the reading of the request.
    RequestException exception() {
        return RequestException.builder()
                .type(DirectHandler.EventType.BAD_REQUEST)
                .status(Status.create(Problems.status(problem)))
                .request(this)
                .setKeepAlive(false)
                .build();
    }

    @Override
    public String protocolVersion() {
        return "";
    }

    @Override
    public ServerRequestHeaders headers() {
        return ServerRequestHeaders.create(WritableHeaders.create());
    }
}
