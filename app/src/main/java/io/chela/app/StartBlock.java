package io.chela.app;

import io.chela.api.Agent;
import io.chela.api.AgentId;
import io.chela.api.spi.ModelState;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a person sees when the gateway is ready: where it is, who answers, where prompts go, and a line to
/// paste.
final class StartBlock {
    /// How many agents beside the default one are named.
    private static final int AGENTS_NAMED = 5;

    /// Where the text of a line begins.
    private static final int LABEL = 11;

    private static final String STOPS = "  Ctrl-C stops";

    private static final String GREEN = "\u001b[1;32m";
    private static final String YELLOW = "\u001b[33m";
    private static final String FAINT = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";

    private StartBlock() {}

    /// @param millis from the start of the process to now
    static List<String> lines(RunningGateway gateway, long millis) {
        Agent agent = gateway.defaultAgent();
        String url = url(gateway);
        List<String> lines = new ArrayList<>();
        gateway.finding().ifPresent(found -> found.notes().forEach(note -> lines.add("note: " + note)));
        gateway.starterWarning().ifPresent(warning -> lines.add("warning: " + warning));
        gateway.tls()
                .flatMap(tls -> tls.identity().warning(Instant.now()))
                .ifPresent(warning -> lines.add("warning: gateway.tls.certPath: " + warning));
        lines.add("chela gateway ready on " + url + " (" + millis + " ms)");
        lines.add("  model    " + agent.model() + found(gateway) + model(gateway) + "; prompts go to "
                + gateway.destination(agent.model()) + fallbacks(gateway));
        lines.add("  agents   " + agents(gateway));
        lines.add("  state    " + gateway.stateFolder());
        auth(gateway.credentials().mode()).ifPresent(line -> lines.add("  auth     " + line));
        gateway.credentials().file().ifPresent(file -> lines.add("  token    " + token(gateway, file)));
        gateway.credentials().unknownToShell().ifPresent(name -> lines.add("  token    " + whoseValue(gateway, name)));
        lines.add("  try      " + tryIt(gateway, url));
        lines.add(STOPS);
        return lines;
    }

    /// The lines for a terminal that shows colours: the address stands out, names of lines step back.
    static List<String> coloured(List<String> lines) {
        return lines.stream().map(StartBlock::coloured).toList();
    }

    private static String coloured(String line) {
        if (line.startsWith("chela gateway ready")) {
            return GREEN + line + PLAIN;
        }
        if (line.startsWith("warning: ") || line.startsWith("note: ")) {
            return YELLOW + line + PLAIN;
        }
        int label = line.startsWith(STOPS) ? line.length() : LABEL;
        return FAINT + line.substring(0, label) + PLAIN + line.substring(label);
    }

    private static String found(RunningGateway gateway) {
        if (gateway.defaultAgent().model().equals(GatewayConfig.OFFLINE)) {
            return ", which only repeats ("
                    + gateway.finding()
                            .map(_ -> "no model is configured or found: ")
                            .orElse("")
                    + "chela models pull smollm2 fetches one)";
        }
        return gateway.finding().map(found -> ", " + found.how()).orElse("");
    }

    /// Where prompts go when the model fails.
    private static String fallbacks(RunningGateway gateway) {
        return gateway.defaultAgent().fallbacks().stream()
                .map(fallback -> "; when it fails to " + fallback + ", " + gateway.destination(fallback))
                .collect(Collectors.joining());
    }

    private static String agents(RunningGateway gateway) {
        AgentId first = gateway.defaultAgent().id();
        List<String> others = gateway.agents().stream()
                .map(Agent::id)
                .filter(id -> !id.equals(first))
                .map(AgentId::value)
                .toList();
        int more = others.size() - AGENTS_NAMED;
        return first.value()
                + (others.isEmpty() ? "" : " (default), ")
                + String.join(", ", others.subList(0, Math.min(others.size(), AGENTS_NAMED)))
                + (more > 0 ? " and " + more + " more" : "");
    }

    private static String token(RunningGateway gateway, Path file) {
        return gateway.credentials()
                .madeNow()
                .map(token -> token.reveal() + " (made now, shown this once; kept in " + file + ")")
                .orElse("in " + file);
    }

    /// Whose value a person puts in, since the shell does not know it.
    private static String whoseValue(RunningGateway gateway, String name) {
        ConfigFile configuration = gateway.configuration();
        return gateway.credentials().forShell().orElse("") + " is the value of " + name
                + Optional.ofNullable(configuration.tree().leaves().get(name))
                        .map(text -> " in " + typed(gateway, text.place().file())
                                + text.from().map(from -> " (" + from + ")").orElse(""))
                        .orElse("");
    }

    private static String typed(RunningGateway gateway, Path path) {
        return StateFolder.typed(path, gateway.configuration().environment());
    }

    private static String url(RunningGateway gateway) {
        return (gateway.tls().isPresent() ? "https://" : "http://") + gateway.host() + ":" + gateway.port();
    }

    /// The command up to the path. curl is told to trust the certificate, also when it is one's own, and where on
    /// this machine the name is that the certificate is for.
    private static String curl(RunningGateway gateway, String url) {
        return gateway.tls()
                .map(tls -> {
                    String place = tls.identity().hostName().orElse(gateway.host()) + ":" + gateway.port();
                    return "curl -sS --cacert '" + tls.certificate() + "' --resolve " + place + ":" + gateway.host()
                            + " https://" + place;
                })
                .orElse("curl -sS " + url);
    }

    /// What proves who calls, when it is no token.
    private static Optional<String> auth(AuthMode mode) {
        return switch (mode) {
            case TOKEN -> Optional.empty();
            case PASSWORD -> Optional.of("the password, sent as a bearer token");
            case NONE -> Optional.of("none: every program of this machine may use it");
            case TRUSTED_PROXY -> Optional.of("trusted-proxy: the proxy says who calls");
        };
    }

    private static String model(RunningGateway gateway) {
        return gateway.defaultModelState() instanceof ModelState.Failed(var why) ? " (cannot answer: " + why + ")" : "";
    }

    private static String tryIt(RunningGateway gateway, String url) {
        if (!gateway.chatIsEnabled()) {
            return chat(gateway) + " (for HTTP set gateway.http.endpoints.chatCompletions.enabled: true in "
                    + typed(gateway, gateway.configuration().pathOrUsual(gateway.stateFolder())) + ")";
        }
        Optional<String> credential = gateway.credentials().forShell();
        return curl(gateway, url) + "/v1/chat/completions"
                + credential
                        .map(token -> " -H \"Authorization: Bearer " + token + "\"")
                        .orElse("")
                + " -H 'Content-Type: application/json'"
                + " -d '{\"model\":\"openclaw\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}'";
    }

    /// The command that needs no endpoint, with what it does not find by itself.
    private static String chat(RunningGateway gateway) {
        Credentials credentials = gateway.credentials();
        String secret = credentials
                .forShell()
                .filter(_ -> credentials.file().isEmpty())
                .filter(put -> OwnSecrets.VARIABLES.stream().noneMatch(name -> put.equals("$" + name)))
                .map(put -> OwnSecrets.TOKEN_VARIABLE + "=" + put + " ")
                .orElse("");
        Path state = gateway.stateFolder();
        boolean usual = StateFolder.isUsual(state, gateway.configuration().environment());
        return secret + "chela chat" + (usual ? "" : " --state-dir " + typed(gateway, state));
    }
}
