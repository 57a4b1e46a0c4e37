package io.chela.edge;

import io.chela.api.Json;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import tools.jackson.databind.JsonNode;

/// Sends JSON as a whole; a HEAD request gets the headers alone, which Helidon does not see to.
public final class JsonAnswer {
    static final String CONTENT_TYPE = "application/json; charset=utf-8";

    private JsonAnswer() {}

    /// Sends 200.
    public static void send(ServerResponse response, JsonNode body) {
        send(response, Status.OK_200.code(), body);
    }

    /// Sends this status and body.
    public static void send(ServerResponse response, int status, JsonNode body) {
        byte[] bytes = Json.writeBytes(body);
        response.status(status)
                .header(HeaderValues.create(HeaderNames.CONTENT_TYPE, CONTENT_TYPE))
                .header(HeaderValues.create(HeaderNames.CONTENT_LENGTH, bytes.length));
        response.send(Exchange.isHead() ? new byte[0] : bytes);
    }
}
