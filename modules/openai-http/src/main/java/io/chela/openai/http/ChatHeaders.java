package io.chela.openai.http;

import static io.chela.openai.http.Fields.malformed;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.chela.agent.routing.RouteRequest;
import io.chela.agent.runtime.Providers;
import io.chela.api.Agent;
import io.chela.api.ModelRef;
import io.chela.api.Principal;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.Scope;
import io.chela.api.SessionKey;
import io.chela.api.Turn;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The headers of a chat request and of its answer. A blank one counts as absent; values are UTF-8.
///
/// Source: OpenClaw, "OpenAI chat completions endpoint", headers.
final class ChatHeaders {
    private static final HeaderName AGENT_ID = HeaderNames.create("x-openclaw-agent-id");
    private static final HeaderName AGENT = HeaderNames.create("x-openclaw-agent");
    private static final HeaderName SESSION_KEY = HeaderNames.create("x-openclaw-session-key");
    private static final HeaderName MODEL = HeaderNames.create("x-openclaw-model");
    private static final HeaderName CHANNEL = HeaderNames.create("x-openclaw-message-channel");
    private static final HeaderName RUN_ID = HeaderNames.create("x-openclaw-run-id");

    private static final Pattern CHANNEL_NAME = Pattern.compile("[\\x20-\\x7e]{1,64}");
    private static final Pattern JSON = Pattern.compile("(?i)application/(json|[a-z0-9.+_-]+\\+json)\\s*(;.*)?");

    private final ServerRequest request;

    ChatHeaders(ServerRequest request) {
        this.request = request;
    }

    /// Refuses a body that says it is something else than JSON.
    void requireJson() {
        request.headers()
                .first(HeaderNames.CONTENT_TYPE)
                .filter(type -> !type.isBlank())
                .filter(type -> !JSON.matcher(type.strip()).matches())
                .ifPresent(_ -> {
                    throw malformed("Content-Type", "must be application/json.");
                });
    }

    Optional<RouteRequest.Named> agent() {
        return named(AGENT_ID).or(() -> named(AGENT));
    }

    Optional<RouteRequest.Named> sessionKey() {
        return named(SESSION_KEY);
    }

    /// Where the message came from, for the log: `webchat`, `telegram`.
    Optional<String> channel() {
        return named(CHANNEL).map(given -> {
            if (!CHANNEL_NAME.matcher(given.value()).matches()) {
                throw malformed(given.param(), "must have 1 to 64 visible ASCII characters.");
            }
            return given.value();
        });
    }

    /// Refuses a choice of the model by anybody but an admin: a model costs money and sees the conversation.
    ///
    /// @throws ProblemException with `Forbidden`
    void requireScopes(Principal principal) {
        if (named(MODEL).isPresent() && !principal.has(Scope.ADMIN)) {
            throw new ProblemException(Problem.Forbidden.missing(Scope.ADMIN));
        }
    }

    /// The agent with the model that the request asks for instead of its own: `provider/model`, or a model of
    /// the agent's own provider.
    ///
    /// @throws ProblemException with `UnknownAgent` when there is no such model
    Agent withModel(Agent agent, Providers providers) {
        Optional<RouteRequest.Named> given = named(MODEL);
        if (given.isEmpty()) {
            return agent;
        }
        String text = given.get().value().strip();
        try {
            ModelRef model = ModelRef.parse(text)
                    .orElseGet(() -> new ModelRef(agent.model().provider(), text));
            providers.model(model);
            return agent.with(model);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    new Problem.UnknownAgent(text, given.get().param()), e);
        }
    }

    private Optional<RouteRequest.Named> named(HeaderName header) {
        if (request.headers().all(header, List::of).size() > 1) {
            throw malformed(header.defaultCase(), "must be there once at most.");
        }
        return request.headers().first(header).filter(value -> !value.isBlank()).map(value -> {
            if (value.indexOf('\uFFFD') >= 0) {
                throw malformed(header.defaultCase(), "is not valid UTF-8.");
            }
            return new RouteRequest.Named(header.defaultCase(), value);
        });
    }

    /// Says who answers, in which run and session.
    static void announce(Turn turn, ServerResponse response) {
        response.header(AGENT_ID, turn.agent().id().value());
        response.header(RUN_ID, turn.run().value());
        turn.session().map(SessionKey::value).ifPresent(key -> response.header(SESSION_KEY, ascii(key)));
    }

    /// Percent-encodes what is not ASCII, and the percent sign itself.
    private static String ascii(String key) {
        var encoded = new StringBuilder();
        for (byte octet : key.getBytes(UTF_8)) {
            if (octet < 0 || octet == '%') {
                encoded.append('%').append(String.format(Locale.ROOT, "%02X", octet & 0xff));
            } else {
                encoded.append((char) octet);
            }
        }
        return encoded.toString();
    }
}
