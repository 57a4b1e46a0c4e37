package io.chela.model.openai;

import static io.chela.api.Problem.Upstream.Kind.BILLING;
import static io.chela.api.Problem.Upstream.Kind.BROKEN;
import static io.chela.api.Problem.Upstream.Kind.CONTEXT_LENGTH;
import static io.chela.api.Problem.Upstream.Kind.OVERLOADED;
import static io.chela.api.Problem.Upstream.Kind.RATE_LIMITED;
import static io.chela.api.Problem.Upstream.Kind.REJECTED;
import static io.chela.api.Problem.Upstream.Kind.SILENT;
import static io.chela.api.Problem.Upstream.Kind.UNAUTHORIZED;
import static io.chela.api.Problem.Upstream.Kind.UNKNOWN_MODEL;

import io.chela.api.Json;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Says in a [Problem] what went wrong at a provider.
///
/// Only a refusal of the request itself carries the server's own words, since they are about what the caller
/// sent;
/// a word about our key, bill or model stays ours, so that no key can come through.
record UpstreamErrors(String provider) {
    /// The longest message of a server that is passed on, in characters.
    static final int MAX_MESSAGE = 1_000;

    /// For an answer that is not 2xx.
    ProblemException status(int status, Optional<String> retryAfter, String body) {
        JsonNode error = Json.tryObject(body).map(json -> json.path("error")).orElse(Json.object());
        Problem.Upstream.Kind kind = kind(status, error.path("code").stringValue(""));
        Optional<Duration> pause = retryAfter.flatMap(UpstreamErrors::seconds);
        return new ProblemException(new Problem.Upstream(
                kind,
                provider,
                Optional.of(status),
                message(kind, status, error.path("message").stringValue("")),
                pause));
    }

    private static Problem.Upstream.Kind kind(int status, String code) {
        if (code.equals("context_length_exceeded")) {
            return CONTEXT_LENGTH;
        }
        return switch (status) {
            case 400, 413, 422 -> REJECTED;
            case 401, 403 -> UNAUTHORIZED;
            case 402 -> BILLING;
            case 404 -> UNKNOWN_MODEL;
            case 429 -> RATE_LIMITED;
            case 503, 529 -> OVERLOADED;
            case 408, 504 -> SILENT;
            default -> BROKEN;
        };
    }

    private String message(Problem.Upstream.Kind kind, int status, String theirs) {
        String ours = "The model provider '" + provider + "' ";
        return switch (kind) {
            case REJECTED, CONTEXT_LENGTH ->
                ours + "refused the request: " + (theirs.isBlank() ? "status " + status : shorten(theirs));
            case UNAUTHORIZED -> ours + "did not accept the gateway's credential (status " + status + ").";
            case BILLING -> ours + "wants to be paid first (status " + status + ").";
            case UNKNOWN_MODEL -> ours + "does not know the configured model or path (status " + status + ").";
            case RATE_LIMITED -> ours + "limits the rate of requests (status " + status + ").";
            case OVERLOADED -> ours + "is overloaded (status " + status + ").";
            case SILENT -> ours + "timed out (status " + status + ").";
            case BROKEN, UNKNOWN -> ours + "failed (status " + status + ").";
        };
    }

    private static String shorten(String text) {
        return text.length() > MAX_MESSAGE ? text.substring(0, MAX_MESSAGE) + "…" : text;
    }

    /// For an `error` member inside a stream.
    ProblemException inStream(JsonNode error) {
        String code = error.path("code").stringValue("");
        return failure(
                code.equals("context_length_exceeded") ? CONTEXT_LENGTH : BROKEN,
                "reported an error in mid-answer: "
                        + shorten(error.path("message").stringValue(error.stringValue("no message"))));
    }

    /// For a call that failed below HTTP.
    ProblemException io(Exception cause) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof SocketTimeoutException) {
                return failure(SILENT, "said nothing for too long.");
            }
            if (at instanceof SseReader.TooLarge) {
                return failure(BROKEN, "sent " + at.getMessage() + ".");
            }
        }
        return failure(BROKEN, "cannot be reached or broke the connection.");
    }

    ProblemException failure(Problem.Upstream.Kind kind, String what) {
        return new ProblemException(
                new Problem.Upstream(kind, provider, "The model provider '" + provider + "' " + what));
    }

    static Optional<ObjectNode> errorIn(ObjectNode chunk) {
        return chunk.path("error") instanceof ObjectNode error ? Optional.of(error) : Optional.empty();
    }

    private static Optional<Duration> seconds(String retryAfter) {
        try {
            return Optional.of(Duration.ofSeconds(Math.clamp(Long.parseLong(retryAfter.strip()), 0, 86_400)));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }
}
