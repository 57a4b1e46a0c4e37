package io.chela.gateway.ws;

import io.chela.api.Json;
import io.chela.api.RunId;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A request frame: `{"type":"req","id","method","params"?}`.
///
/// @param params an empty object when the frame has none
record Request(String id, String method, ObjectNode params) {
    /// The longest id and name of a method, in characters: both come back in the answer.
    static final int MAX_NAME = 256;

    /// Reads a frame; empty when it is no request.
    static Optional<Request> read(ObjectNode frame) {
        JsonNode id = frame.path("id");
        JsonNode method = frame.path("method");
        JsonNode params = frame.path("params");
        boolean whole = frame.path("type").stringValue("").equals("req")
                && id.isString()
                && isName(id.stringValue())
                && method.isString()
                && isName(method.stringValue())
                && (params.isObject() || params.isMissingNode() || params.isNull());
        return whole
                ? Optional.of(new Request(
                        id.stringValue(),
                        method.stringValue(),
                        params instanceof ObjectNode object ? object : Json.object()))
                : Optional.empty();
    }

    private static boolean isName(String text) {
        return !text.isEmpty() && text.length() <= MAX_NAME;
    }

    /// The id to answer with when the frame as a whole is no request.
    static String idOf(ObjectNode frame) {
        String id = frame.path("id").stringValue("");
        return isName(id) ? id : "invalid";
    }

    /// A text of the params; empty when it is absent or null.
    ///
    /// @throws Refusal when it is something else
    Optional<String> text(String name) {
        JsonNode value = params.path(name);
        if (!value.isString() && !value.isMissingNode() && !value.isNull()) {
            throw invalid("at /" + name + ": must be string");
        }
        return value.isString() ? Optional.of(value.stringValue()) : Optional.empty();
    }

    /// A text that must be there and not blank.
    ///
    /// @throws Refusal when it is not
    String required(String name) {
        return text(name).filter(value -> !value.isBlank()).orElseThrow(() -> missing(name));
    }

    /// A run's id; empty when it is absent.
    ///
    /// @throws Refusal when it can be none
    Optional<RunId> runId(String name) {
        try {
            return text(name).map(RunId::new);
        } catch (IllegalArgumentException e) {
            throw invalid("at /" + name + ": " + e.getMessage());
        }
    }

    /// What to throw when a member is absent that must be there.
    Refusal missing(String name) {
        return invalid("must have required property '" + name + "'");
    }

    /// A number that is not negative, or the fallback.
    ///
    /// @throws Refusal when it is something else
    long number(String name, long fallback) {
        JsonNode value = params.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return fallback;
        }
        if (!value.isNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw invalid("at /" + name + ": must be a number >= 0");
        }
        return value.longValue();
    }

    private Refusal invalid(String reason) {
        return new Refusal(ErrorShape.invalid("invalid " + method + " params: " + reason));
    }
}
