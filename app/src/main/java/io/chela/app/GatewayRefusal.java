package io.chela.app;

import io.chela.app.cli.Printable;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a gateway's `no` means for the person at the command line, and what to do about it.
final class GatewayRefusal {
    private GatewayRefusal() {}

    /// The payload of a response that says yes.
    ///
    /// @throws UsageException with the gateway's words when it says no
    static ObjectNode ok(ObjectNode response) {
        if (response.path("ok").booleanValue(false) && response.path("payload") instanceof ObjectNode payload) {
            return payload;
        }
        throw UsageException.failed("chela: " + words(response));
    }

    /// The gateway's reason, and when to try again where it says so.
    static String words(ObjectNode response) {
        JsonNode error = response.path("error");
        String message = Printable.word(error.path("message").stringValue("no")).strip();
        String retry = retry(error);
        boolean period = !retry.isEmpty() && message.endsWith(".");
        return "the gateway says: " + (period ? message.substring(0, message.length() - 1) : message) + retry;
    }

    static UsageException ofConnect(GatewayAddress address, ObjectNode response) {
        String from = address.credential().map(GatewayAddress.Credential::from).orElse("");
        JsonNode error = response.path("error");
        return UsageException.failed("chela: "
                + switch (error.at("/details/code").stringValue("")) {
                    case "AUTH_TOKEN_MISSING", "AUTH_PASSWORD_MISSING" ->
                        "the gateway on " + address.url() + " wants a token; give it with --token-file, or in"
                                + " OPENCLAW_GATEWAY_TOKEN";
                    case "AUTH_TOKEN_MISMATCH", "AUTH_PASSWORD_MISMATCH" ->
                        "the gateway on " + address.url() + " refuses the token (from: " + from
                                + "); give the right one with --token-file";
                    case "AUTH_RATE_LIMITED" ->
                        "the gateway on " + address.url() + " has seen too many wrong tokens from here" + retry(error);
                    default -> words(response);
                });
    }

    private static String retry(JsonNode error) {
        long millis = error.path("retryAfterMs").longValue(0);
        return millis <= 0
                ? ""
                : "; try again in "
                        + Math.max(1, Duration.ofMillis(millis + 999).toSeconds()) + " s";
    }
}
