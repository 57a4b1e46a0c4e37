package io.chela.model.openai;

import static java.util.Map.entry;

import io.chela.api.Json;
import io.chela.api.Problem.Upstream.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a server says went wrong, in any of the shapes that servers of the OpenAI API have for it.
///
/// @param status the status it names in the body itself, if it does
/// @param code its word for the error, such as `context_length_exceeded`; may be empty, as may the type
/// @param message its words for a person; may be empty
record ServerError(Optional<Integer> status, String code, String type, String message) {
    /// The status that an error in a stream would have had as an answer, by code or type.
    private static final Map<String, Integer> STATUS_OF = Map.ofEntries(
            entry("invalid_request_error", 400),
            entry("badrequesterror", 400),
            entry("invalid_api_key", 401),
            entry("authentication_error", 401),
            entry("billing_error", 402),
            entry("permission_error", 403),
            entry("model_not_found", 404),
            entry("not_found_error", 404),
            entry("rate_limit_exceeded", 429),
            entry("rate_limit_error", 429),
            entry("insufficient_quota", 429),
            entry("server_error", 500),
            entry("overloaded_error", 503),
            entry("service_unavailable", 503));

    private static final Set<String> CONTEXT_CODES = Set.of("context_length_exceeded", "exceed_context_size_error");

    private static final Set<String> FILTER_CODES =
            Set.of("content_filter", "content_policy_violation", "responsibleaipolicyviolation");

    /// A message with a word of each list means a context that is too long.
    ///
    /// Seen from OpenAI ("maximum context length is"), llama.cpp ("exceeds the available context size",
    /// "Context size has been exceeded"), vLLM ("longer than the maximum model length"), Ollama ("input
    /// length exceeds the context length", "exceeded max context length") and LM Studio ("context the
    /// overflows", "Reached context length").
    private static final List<String> CONTEXT_NOUNS = List.of(
            "context length",
            "context size",
            "context window",
            "context the overflows",
            "model length",
            "prompt is too",
            "token count");

    private static final List<String> CONTEXT_VERBS = List.of(
            "exceed",
            "maximum",
            "longer than",
            "too long",
            "too large",
            "not enough",
            "overflow",
            "reached",
            "greater than");

    /// Reads the body of an answer that is not 2xx.
    static ServerError ofBody(String body) {
        return Json.tryObject(body).map(ServerError::ofAnswer).orElseGet(() -> ofNode(Json.object()));
    }

    private static ServerError ofAnswer(ObjectNode json) {
        return find(json).orElseGet(() -> ofNode(json));
    }

    /// Finds the error in a chunk or an answer whose status was 200.
    static Optional<ServerError> find(ObjectNode json) {
        JsonNode error = json.path("error");
        if (error.isObject() || error.isString()) {
            return Optional.of(ofNode(error));
        }
        return json.path("object").stringValue("").equals("error") ? Optional.of(ofNode(json)) : Optional.empty();
    }

    /// Reads the data of an event named `error`.
    static ServerError ofEvent(String data) {
        return Json.tryObject(data)
                .map(ServerError::ofAnswer)
                .orElseGet(() -> new ServerError(Optional.empty(), "", "", data.strip()));
    }

    private static ServerError ofNode(JsonNode error) {
        String code = error.path("code").stringValue("");
        return new ServerError(
                number(error.path("code")).or(() -> number(error.path("status"))),
                code.isEmpty() ? error.path("innererror").path("code").stringValue("") : code,
                error.path("type").stringValue(""),
                error.stringValue(error.path("message").stringValue("")));
    }

    private static Optional<Integer> number(JsonNode node) {
        String text = node.isIntegralNumber() ? node.toString() : node.stringValue("");
        return text.matches("[45]\\d\\d") ? Optional.of(Integer.parseInt(text)) : Optional.empty();
    }

    /// The status it would have had as an answer; empty when it does not say.
    Optional<Integer> impliedStatus() {
        return status.or(() -> Optional.ofNullable(STATUS_OF.get(lower(code))))
                .or(() -> Optional.ofNullable(STATUS_OF.get(lower(type))));
    }

    /// What it means in an answer of this status.
    Kind kind(int answered) {
        return switch (answered) {
            case 401, 403 -> Kind.UNAUTHORIZED;
            case 402 -> Kind.BILLING;
            case 404 -> Kind.UNKNOWN_MODEL;
            case 408 -> Kind.SILENT;
            case 429 -> Kind.RATE_LIMITED;
            case 400, 413, 422 -> aboutTheRequest().orElse(Kind.REJECTED);
            case 503, 529 -> aboutTheRequest().orElse(Kind.OVERLOADED);
            default -> aboutTheRequest().orElse(Kind.BROKEN);
        };
    }

    private Optional<Kind> aboutTheRequest() {
        if (FILTER_CODES.contains(lower(code)) || FILTER_CODES.contains(lower(type))) {
            return Optional.of(Kind.CONTENT_FILTER);
        }
        return isContextTooLong() ? Optional.of(Kind.CONTEXT_LENGTH) : Optional.empty();
    }

    private boolean isContextTooLong() {
        String words = lower(message);
        return CONTEXT_CODES.contains(lower(code))
                || CONTEXT_CODES.contains(lower(type))
                || (CONTEXT_NOUNS.stream().anyMatch(words::contains)
                        && CONTEXT_VERBS.stream().anyMatch(words::contains));
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
