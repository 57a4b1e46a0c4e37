package io.chela.openai.http;

import io.chela.agent.routing.Route;
import io.chela.agent.routing.RouteRequest;
import io.chela.agent.runtime.Accepted;
import io.chela.agent.runtime.Run;
import io.chela.api.Json;
import io.chela.api.Principal;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.RunId;
import io.chela.api.Scope;
import io.chela.api.Turn;
import io.chela.api.TurnOutcome;
import io.chela.edge.Exchange;
import io.chela.edge.Gateway;
import io.chela.edge.JsonAnswer;
import io.chela.edge.Line;
import io.chela.edge.Watch;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// `POST /v1/chat/completions`: one turn of an agent, on the request's own thread.
///
/// The caller's connection is watched while the turn runs: when it goes away, the run is cancelled.
/// Source: OpenAI API reference, "Create chat completion"; OpenClaw, "OpenAI chat completions endpoint" for the
/// headers.
final class ChatCompletions implements Handler {
    private static final HeaderName AGENT_ID = HeaderNames.create("x-openclaw-agent-id");
    private static final HeaderName AGENT = HeaderNames.create("x-openclaw-agent");
    private static final HeaderName SESSION_KEY = HeaderNames.create("x-openclaw-session-key");
    private static final HeaderName RUN_ID = HeaderNames.create("x-openclaw-run-id");
    private static final String DEFAULT_MODEL = "openclaw";

    private final Gateway gateway;

    ChatCompletions(Gateway gateway) {
        this.gateway = gateway;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        Principal principal = gateway.principal(request, Scope.WRITE);
        ChatRequest chat = ChatRequest.read(Json.readObject(
                request.content().hasEntity()
                        ? request.content().as(byte[].class)
                        : "{}".getBytes(StandardCharsets.UTF_8)));
        Turn turn = turn(principal, chat, gateway.router().route(principal, routeRequest(request, chat)));
        Exchange.note(turn);
        Accepted accepted = gateway.runtime().accept(turn);
        announce(turn, response);
        var completion = Completion.of(
                turn.run(), accepted.run().startedAt(), chat.model().orElse(DEFAULT_MODEL));
        try (Watch _ = Line.CURRENT.get().onHangup(accepted.run()::cancel)) {
            if (chat.stream()) {
                stream(accepted, new ChatStream(completion, chat.includeUsage(), () -> open(response)));
            } else {
                answer(accepted, completion, response);
            }
        }
    }

    private static RouteRequest routeRequest(ServerRequest request, ChatRequest chat) {
        return new RouteRequest(
                chat.model(),
                named(request, AGENT_ID).or(() -> named(request, AGENT)),
                named(request, SESSION_KEY),
                chat.user());
    }

    private static Optional<RouteRequest.Named> named(ServerRequest request, HeaderName header) {
        return request.headers()
                .first(header)
                .filter(value -> !value.isBlank())
                .map(value -> new RouteRequest.Named(header.defaultCase(), value));
    }

    private static Turn turn(Principal principal, ChatRequest chat, Route route) {
        return new Turn(
                RunId.random(), principal.id(), route.agent(), route.session(), chat.messages(), chat.parameters());
    }

    private static void announce(Turn turn, ServerResponse response) {
        response.header(AGENT_ID, turn.agent().id().value());
        response.header(RUN_ID, turn.run().value());
        turn.session().ifPresent(key -> response.header(SESSION_KEY, percentEncoded(key.value())));
    }

    /// Header values are ASCII: everything else is percent-encoded UTF-8; what a key is mostly made of stays
    /// readable.
    private static String percentEncoded(String key) {
        return URLEncoder.encode(key, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%3A", ":");
    }

    private static void answer(Accepted accepted, Completion completion, ServerResponse response) {
        TurnOutcome outcome = accepted.play(_ -> {});
        Exchange.note(accepted.run());
        Run run = accepted.run();
        JsonAnswer.send(response, 200, completion.whole(run.answer(), Outcomes.completed(outcome)));
    }

    private static void stream(Accepted accepted, ChatStream stream) {
        TurnOutcome outcome = accepted.play(stream);
        Exchange.note(accepted.run());
        Optional<Problem> unsent = stream.end(outcome);
        if (unsent.isPresent()) {
            throw new ProblemException(unsent.get());
        }
    }

    private static SseWriter open(ServerResponse response) {
        response.header(HeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8");
        response.header(HeaderNames.CACHE_CONTROL, "no-cache");
        response.header(HeaderNames.create("X-Accel-Buffering"), "no");
        return new SseWriter(response.outputStream());
    }
}
