package io.chela.app;

import io.chela.api.Json;
import io.chela.app.cli.Printable;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/// `chela agent --message …`: one turn of an agent, through the gateway's WebSocket.
@Command(
        name = "agent",
        description = "Ask an agent of a running gateway one thing.",
        footer = {
            "",
            "Examples:",
            "  chela agent --message 'hi'",
            "  chela agent --agent ops --message 'And then?' --session-key trip",
            "  chela agent --message 'hi' --json"
        })
final class AgentCommand implements Callable<Integer> {
    private static final int DEFAULT_TIMEOUT_SECONDS = 600;

    /// What a client waits longer than the run may take.
    private static final Duration GRACE = Duration.ofSeconds(10);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = {"-m", "--message"},
            required = true,
            paramLabel = "TEXT",
            description = "What to say.")
    private String message = "";

    @Option(names = "--agent", paramLabel = "ID", description = "The agent; the default one when left out.")
    private @Nullable String agent;

    @Option(names = "--session-key", paramLabel = "KEY", description = "The session to continue (main).")
    private @Nullable String sessionKey;

    @Mixin
    private JsonOption json = new JsonOption();

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "How long to wait (${DEFAULT-VALUE}).")
    private int timeout = DEFAULT_TIMEOUT_SECONDS;

    @Mixin
    private GatewayChoice gateway = new GatewayChoice();

    @Override
    public Integer call() throws InterruptedException {
        if (timeout < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--timeout must be a number of seconds from 1, not " + timeout);
        }
        gateway.warn();
        return print(ask(gateway.find(), params()));
    }

    /// One run: the gateway first says that it took it, then how it ended, which is what this gives.
    static ObjectNode ask(GatewayAddress address, ObjectNode params) throws InterruptedException {
        Duration patience = Duration.ofSeconds(params.path("timeout").intValue(DEFAULT_TIMEOUT_SECONDS));
        try (var client = GatewayClient.connect(address, "operator.write")) {
            client.send("2", "agent", params);
            GatewayRefusal.ok(client.response("2", patience));
            return client.response("2", patience.plus(GRACE)); // the gateway ends it in time, and says so
        }
    }

    private ObjectNode params() {
        ObjectNode params = Json.object()
                .put("message", message)
                .put("idempotencyKey", UUID.randomUUID().toString())
                .put("timeout", timeout);
        if (agent != null) {
            params.put("agentId", agent);
        }
        if (sessionKey != null) {
            params.put("sessionKey", sessionKey);
        }
        return params;
    }

    private int print(ObjectNode response) {
        boolean ok = response.at("/payload/status").stringValue("").equals("ok");
        if (!json.isGiven()) {
            ObjectNode payload = GatewayRefusal.ok(response);
            if (!ok) {
                throw UsageException.failed("chela: the agent gave no answer: "
                        + Printable.word(payload.path("summary").stringValue("unknown")));
            }
        }
        json.print(texts(response), result(response));
        return ok ? Main.EXIT_OK : Main.EXIT_FAILED;
    }

    private static List<String> texts(ObjectNode response) {
        return response.at("/payload/result/payloads")
                .valueStream()
                .map(text -> Printable.text(text.path("text").stringValue("")))
                .toList();
    }

    /// The payload, and beside its members the error when there is one.
    private static ObjectNode result(ObjectNode response) {
        ObjectNode result = response.path("payload") instanceof ObjectNode payload ? payload : Json.object();
        if (response.path("error") instanceof ObjectNode error) {
            result.set("error", error);
        }
        return result;
    }
}
