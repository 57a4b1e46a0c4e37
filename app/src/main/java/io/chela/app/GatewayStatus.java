package io.chela.app;

import io.chela.api.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What can be told of a gateway that runs: by its process and, where it answers, by itself.
///
/// @param reason why it could not be asked; empty when it was
record GatewayStatus(
        Optional<String> url,
        Optional<Long> pid,
        Optional<Instant> since,
        Optional<Answers> answers,
        Optional<String> reason) {

    /// What the gateway says.
    ///
    /// @param agent the default one
    /// @param failing why it cannot answer now; empty when it can
    /// @param runs how many turns run at the moment
    record Answers(String version, long uptimeMillis, String agent, String model, JsonNode failing, int runs) {
        /// @throws UsageException when it cannot be asked
        static Answers ask(GatewayAddress address) throws InterruptedException {
            try (var client = GatewayClient.connect(address, "operator.read")) {
                ObjectNode health = client.call("health", Json.object());
                ObjectNode list = client.call("agents.list", Json.object());
                String agent = list.path("defaultId").stringValue("");
                String model = "";
                for (JsonNode one : list.path("agents")) {
                    if (one.path("id").stringValue("").equals(agent)) {
                        model = one.at("/model/primary").stringValue("");
                    }
                }
                return new Answers(
                        client.hello().at("/server/version").stringValue("unknown"),
                        client.hello().at("/snapshot/uptimeMs").longValue(0),
                        agent,
                        model,
                        health.path("failing"),
                        health.at("/sessions/running").intValue(0));
            }
        }
    }

    /// The gateway of a state folder, or the one that a URL names.
    ///
    /// @throws UsageException when a named one cannot be asked: then nobody knows whether it runs
    static GatewayStatus of(Optional<FolderHolder> holder, GatewayAddress.Options options) throws InterruptedException {
        Optional<ProcessHandle> process = holder.flatMap(FolderHolder::process);
        Optional<Long> pid = process.map(ProcessHandle::pid);
        Optional<Instant> started = process.flatMap(found -> found.info().startInstant());
        if (holder.isPresent() && holder.get().address().isEmpty()) {
            return new GatewayStatus(Optional.empty(), pid, started, Optional.empty(), Optional.of("it is starting"));
        }
        try {
            GatewayAddress address = GatewayAddress.find(options, System.getenv());
            Answers answers = Answers.ask(address);
            return new GatewayStatus(
                    Optional.of(address.url().toString()),
                    pid,
                    started.or(() -> Optional.of(Instant.now().minusMillis(answers.uptimeMillis()))),
                    Optional.of(answers),
                    Optional.empty());
        } catch (UsageException e) {
            if (holder.isEmpty()) {
                throw e;
            }
            Optional<String> url = holder.flatMap(FolderHolder::address).map(FolderHolder.Address::url);
            return new GatewayStatus(
                    url, pid, started, Optional.empty(), Optional.of(e.text().replaceFirst("^chela: ", "")));
        }
    }

    ObjectNode json() {
        ObjectNode json = Json.object().put("running", true);
        url.ifPresent(value -> json.put("url", value));
        pid.ifPresent(value -> json.put("pid", value));
        since.ifPresent(
                at -> json.put("since", at.truncatedTo(ChronoUnit.SECONDS).toString()));
        answers.ifPresent(said -> {
            json.put("version", said.version())
                    .put("agent", said.agent())
                    .put("model", said.model())
                    .put("ready", said.failing().isEmpty());
            json.set("failing", said.failing());
            json.put("runs", said.runs());
        });
        reason.ifPresent(words -> json.put("reason", words));
        return json;
    }
}
