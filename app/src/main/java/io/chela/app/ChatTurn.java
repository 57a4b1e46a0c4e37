package io.chela.app;

import io.chela.api.Json;
import io.chela.app.cli.Printable;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One message and its answer, on a connection of its own: so a gateway that was away, or came back elsewhere, is no
/// matter for the next message.
final class ChatTurn {
    /// A gateway that runs says something at least every 30 seconds: its `tick`.
    private static final Duration SILENCE = Duration.ofSeconds(75);

    /// How it ended.
    sealed interface End {
        /// The answer is whole.
        record Completed() implements End {}

        /// It was stopped here.
        record Stopped() implements End {}

        /// There is no answer, or not all of it.
        ///
        /// @param why for the person, without the program's name
        record Failed(String why) implements End {}
    }

    private final String id = UUID.randomUUID().toString();
    private final String sessionKey;
    private final Optional<String> agent;
    private final Consumer<String> said;
    private final Printable printable = new Printable();
    private final ReentrantLock lock = new ReentrantLock();
    private Optional<GatewayClient> asked = Optional.empty();
    private boolean stopped;
    private int printed;

    /// @param said takes the answer in pieces that may be printed
    ChatTurn(String sessionKey, Optional<String> agent, Consumer<String> said) {
        this.sessionKey = sessionKey;
        this.agent = agent;
        this.said = said;
    }

    /// Says the message and gives the answer to the consumer as it comes.
    End play(GatewayAddress address, String message) throws InterruptedException {
        try (var client = GatewayClient.connect(address, "operator.read", "operator.write")) {
            return ask(client, message) ? listen(client) : new End.Stopped();
        } catch (UsageException e) {
            return isStopped() ? new End.Stopped() : new End.Failed(e.text().replaceFirst("^chela: ", ""));
        }
    }

    /// False when it was stopped before.
    private boolean ask(GatewayClient client, String message) {
        lock.lock();
        try {
            if (!stopped) {
                client.send("2", "agent", params().put("message", message).put("idempotencyKey", id));
                asked = Optional.of(client);
            }
            return !stopped;
        } finally {
            lock.unlock();
        }
    }

    private ObjectNode params() {
        ObjectNode params = Json.object().put("sessionKey", sessionKey);
        agent.ifPresent(name -> params.put("agentId", name));
        return params;
    }

    /// Has the gateway end the run; asked again, hangs up. From any thread.
    void stop() {
        lock.lock();
        try {
            if (stopped) {
                asked.ifPresent(GatewayClient::hangUp);
                return;
            }
            stopped = true;
            asked.ifPresent(client -> client.send("3", "chat.abort", params().put("runId", id)));
        } catch (UsageException _) {
            asked.ifPresent(GatewayClient::hangUp);
        } finally {
            lock.unlock();
        }
    }

    private boolean isStopped() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }

    private End listen(GatewayClient client) throws InterruptedException {
        while (true) {
            ObjectNode frame = client.next(SILENCE);
            JsonNode payload = frame.path("payload");
            if (frame.path("event").stringValue("").equals("chat")
                    && payload.path("runId").stringValue("").equals(id)) {
                print(payload.at("/message/content"));
            } else if (GatewayClient.isResponse(frame, "2")
                    && !payload.path("status").stringValue("").equals("accepted")) {
                print(payload.at("/result/payloads"));
                return end(frame);
            }
        }
    }

    /// Each event has the whole text so far; what is new of it is printed.
    private void print(JsonNode parts) {
        var whole = new StringBuilder();
        parts.forEach(part -> whole.append(part.path("text").stringValue("")));
        if (whole.length() > printed) {
            said.accept(printable.next(whole.substring(printed)));
            printed = whole.length();
        }
    }

    private End end(ObjectNode response) {
        String outcome = response.at("/payload/outcome").stringValue("");
        if (!response.path("ok").booleanValue(false)) {
            return new End.Failed(GatewayRefusal.words(response));
        }
        return switch (outcome) {
            case "completed" -> new End.Completed();
            case "cancelled" ->
                isStopped() ? new End.Stopped() : new End.Failed("the answer was stopped at the gateway");
            default ->
                new End.Failed("the answer was not finished: "
                        + Printable.word(response.at("/payload/summary").stringValue("unknown")));
        };
    }
}
