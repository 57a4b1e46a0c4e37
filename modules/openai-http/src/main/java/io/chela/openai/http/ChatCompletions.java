package io.chela.openai.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chela.agent.routing.Route;
import io.chela.agent.routing.RouteRequest;
import io.chela.agent.runtime.Accepted;
import io.chela.agent.runtime.Run;
import io.chela.api.Agent;
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
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// `POST /v1/chat/completions`: one turn of an agent, on the request's own thread.
///
/// The caller's connection is watched while the turn runs: when it goes away, the run is cancelled.
/// Source: OpenAI API reference, "Create chat completion".
final class ChatCompletions implements Handler {
    private static final String DEFAULT_MODEL = "openclaw";

    private final StreamTimes times;

    ChatCompletions(StreamTimes times) {
        this.times = times;
    }

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        Gateway gateway = Gateway.of(request);
        Principal principal = gateway.principal(request, Scope.WRITE);
        var headers = new ChatHeaders(request);
        headers.requireJson();
        ObjectNode body = Json.readObject(body(request));
        headers.requireScopes(principal);
        ChatRequest chat = ChatRequest.read(body);
        Turn turn = turn(gateway, principal, chat, headers);
        var completion = Completion.of(
                turn.run(), gateway.clock().instant(), chat.model().orElse(DEFAULT_MODEL));
        Exchange.note(turn);
        headers.channel().ifPresent(channel -> Exchange.note("channel", channel));
        ChatHeaders.announce(turn, response);
        play(gateway.runtime().accept(turn), chat, completion, response);
    }

    private static byte[] body(ServerRequest request) {
        return request.content().hasEntity() ? request.content().as(byte[].class) : "{}".getBytes(UTF_8);
    }

    private static Turn turn(Gateway gateway, Principal principal, ChatRequest chat, ChatHeaders headers) {
        Route route = gateway.router()
                .route(principal, new RouteRequest(chat.model(), headers.agent(), headers.sessionKey(), chat.user()));
        Agent agent = headers.withModel(route.agent(), gateway.runtime().providers());
        return new Turn(RunId.random(), principal.id(), agent, route.session(), chat.messages(), chat.parameters());
    }

    private void play(Accepted accepted, ChatRequest chat, Completion completion, ServerResponse response) {
        Run run = accepted.run();
        Line line = Line.CURRENT.get();
        try (Watch _ = line.onHangup(run::cancel)) {
            if (chat.stream()) {
                stream(accepted, line, new ChatStream(completion, chat.includeUsage(), () -> open(response)));
            } else {
                answer(accepted, line, completion, response);
            }
        }
    }

    private static void answer(Accepted accepted, Line line, Completion completion, ServerResponse response) {
        TurnOutcome outcome = accepted.play(new BodySent(line, _ -> {}));
        Run run = accepted.run();
        Exchange.note(run);
        leaveWithTheCaller(line, outcome);
        JsonAnswer.send(response, 200, completion.whole(run.answer(), Outcomes.completed(outcome)));
    }

    private void stream(Accepted accepted, Line line, ChatStream stream) {
        try (stream) {
            stream.keepAlive(times, accepted.run()::cancel);
            TurnOutcome outcome = accepted.play(new BodySent(line, stream));
            Exchange.note(accepted.run());
            Optional<Problem> unsent = stream.end(outcome);
            if (unsent.isPresent()) {
                leaveWithTheCaller(line, outcome);
                throw new ProblemException(unsent.get());
            }
        }
    }

    /// Answers nobody: the line would say that an answer was sent, and failed.
    private static void leaveWithTheCaller(Line line, TurnOutcome outcome) {
        if (outcome instanceof TurnOutcome.Cancelled && line.isHungUp()) {
            throw new CloseConnectionException("the caller left before its answer");
        }
    }

    private static SseWriter open(ServerResponse response) {
        response.header(HeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8");
        response.header(HeaderNames.CACHE_CONTROL, "no-cache");
        response.header(HeaderNames.create("X-Accel-Buffering"), "no");
        return new SseWriter(response.outputStream());
    }
}
