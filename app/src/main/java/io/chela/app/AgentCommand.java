package io.chela.app;

import io.chela.api.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `chela agent --message …`: one turn of an agent, through the gateway's WebSocket.
@Command(
        name = "agent",
        description = "Ask an agent of a running gateway.",
        footer = {"", "Example:", "  chela agent --message 'hi' --session-key holiday"})
final class AgentCommand implements Callable<Integer> {
    private static final int DEFAULT_TIMEOUT_SECONDS = 600;

    /// What a client waits longer than the run may take.
    private static final Duration GRACE = Duration.ofSeconds(10);

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

    @Option(names = "--json", description = "Print the whole result as JSON.")
    private boolean json;

    @Option(names = "--timeout", paramLabel = "SECONDS", description = "How long to wait (${DEFAULT-VALUE}).")
    private int timeout = DEFAULT_TIMEOUT_SECONDS;

    @Option(names = "--url", paramLabel = "URL", description = "The gateway, such as ws://127.0.0.1:18789.")
    private @Nullable String url;

    @Option(names = "--token-file", paramLabel = "FILE", description = "The file that holds the token.")
    private @Nullable Path tokenFile;

    @Option(names = "--token", paramLabel = "SECRET", description = "The token; others on this machine can see it.")
    private @Nullable String token;

    @Option(names = "--state-dir", paramLabel = "DIR", description = "The gateway's state folder (~/.chela).")
    private @Nullable Path stateFolder;

    @Override
    public Integer call() throws InterruptedException {
        if (token != null) {
            System.err.println(GatewayOptions.TOKEN_WARNING);
        }
        var options = new GatewayAddress.Options(
                Optional.ofNullable(url),
                Optional.ofNullable(tokenFile),
                Optional.ofNullable(token),
                Optional.ofNullable(stateFolder));
        return print(ask(GatewayAddress.find(options, System.getenv()), params()));
    }

    /// One run: the gateway first says that it took it, then how it ended, which is what this gives.
    static ObjectNode ask(GatewayAddress address, ObjectNode params) throws InterruptedException {
        Duration patience = Duration.ofSeconds(params.path("timeout").intValue(DEFAULT_TIMEOUT_SECONDS));
        try (var client = GatewayClient.connect(address, "operator.write")) {
            client.send("2", "agent", params);
            GatewayClient.ok(client.response("2", patience));
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
        if (json) {
            System.out.println(Json.write(response.path("payload")));
            return response.path("ok").booleanValue(false) ? Main.EXIT_OK : Main.EXIT_FAILED;
        }
        for (JsonNode payload : GatewayClient.ok(response).at("/result/payloads")) {
            System.out.println(harmless(payload.path("text").stringValue("")));
        }
        return Main.EXIT_OK;
    }

    /// Without what could steer a terminal: a model's words are a stranger's.
    static String harmless(String text) {
        return text.codePoints()
                .filter(point -> point == '\n' || point == '\t' || !Character.isISOControl(point))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
