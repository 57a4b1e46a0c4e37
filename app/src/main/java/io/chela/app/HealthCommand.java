package io.chela.app;

import io.chela.api.Json;
import io.chela.app.cli.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `chela gateway health`: asks a running gateway whether it can answer; exit 0 when it can.
@Command(
        name = "health",
        description = "Ask the running gateway whether it can answer; exit 1 when not.",
        footer = {
            "",
            "Examples:",
            "  chela gateway health",
            "  chela gateway health --json --url ws://127.0.0.1:18789 --token-file token"
        })
final class HealthCommand implements Callable<Integer> {
    @Mixin
    private JsonOption json = new JsonOption();

    @Mixin
    private GatewayChoice gateway = new GatewayChoice();

    @Override
    public Integer call() throws InterruptedException {
        gateway.warn();
        ObjectNode health;
        try (var client = GatewayClient.connect(gateway.find(), "operator.read")) {
            health = client.call("health", Json.object());
        }
        boolean ok = health.path("ok").booleanValue(false);
        json.print(List.of(line(health, ok)), health);
        return ok ? Main.EXIT_OK : Main.EXIT_FAILED;
    }

    private static String line(ObjectNode health, boolean ok) {
        List<String> agents = new ArrayList<>();
        for (JsonNode agent : health.path("agents")) {
            agents.add(Printable.word(agent.path("agentId").stringValue(""))
                    + (agent.path("isDefault").booleanValue(false) ? " (default)" : ""));
        }
        return (ok ? "ok" : "cannot answer: " + StatusCommand.reasons(health.path("failing"))) + "; agents: "
                + String.join(", ", agents) + "; runs: "
                + health.at("/sessions/running").intValue(0);
    }
}
