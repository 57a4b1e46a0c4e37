package io.chela.app;

import io.chela.api.Json;
import io.chela.app.cli.Printable;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `chela gateway status`: exit 0 when it runs, 1 when it does not.
@Command(
        name = "status",
        description = "Tell whether a gateway runs, and which; exit 1 when none does.",
        footer = {"", "Examples:", "  chela gateway status", "  chela gateway status --json --state-dir /var/lib/chela"
        })
final class StatusCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    @Mixin
    private JsonOption json = new JsonOption();

    @Mixin
    private GatewayChoice gateway = new GatewayChoice();

    @Override
    public Integer call() throws InterruptedException {
        gateway.warn();
        GatewayAddress.Options options = gateway.options();
        Path folder = StateFolder.locate(options.stateFolder(), System.getenv());
        boolean named = options.named(System.getenv()).isPresent();
        Optional<FolderHolder> holder = named ? Optional.empty() : FolderHolder.of(folder);
        if (!named && holder.isEmpty()) {
            json.print(
                    List.of("no gateway is running on " + folder + "; start one with: chela gateway"),
                    Json.object().put("running", false).put("stateDir", folder.toString()));
            return Main.EXIT_FAILED;
        }
        GatewayStatus status = GatewayStatus.of(holder, options);
        ObjectNode shown = status.json();
        holder.ifPresent(_ -> shown.put("stateDir", folder.toString()));
        json.print(lines(status, holder.map(_ -> folder)), shown);
        return Main.EXIT_OK;
    }

    private static List<String> lines(GatewayStatus status, Optional<Path> folder) {
        List<String> lines = new ArrayList<>();
        lines.add(
                "chela gateway running" + status.url().map(url -> " on " + url).orElse(""));
        status.pid().ifPresent(pid -> lines.add("  process  " + pid));
        status.since().ifPresent(at -> lines.add("  since    " + time(at)));
        status.answers().ifPresent(said -> {
            lines.add("  version  " + Printable.word(said.version()));
            lines.add("  model    " + Printable.word(said.model()) + " (agent " + Printable.word(said.agent()) + ")");
            lines.add("  answers  " + (said.failing().isEmpty() ? "yes" : "no: " + reasons(said.failing())));
            lines.add("  runs     " + said.runs());
        });
        folder.ifPresent(path -> lines.add("  state    " + path));
        status.reason().ifPresent(words -> lines.add("  it could not be asked more: " + words));
        return lines;
    }

    private static String time(Instant at) {
        return TIME.format(at.atZone(ZoneId.systemDefault()));
    }

    /// A list of texts as one.
    static String reasons(JsonNode failing) {
        List<String> reasons = new ArrayList<>();
        failing.forEach(reason -> reasons.add(Printable.word(reason.stringValue(""))));
        return String.join("; ", reasons);
    }
}
