package io.chela.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.image.Program.Ended;
import io.chela.testkit.ScriptedUpstream;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `examples/ollama`, built by Maven against the API's jar and its POM alone, answers through a gateway.
class OllamaExampleTest {
    private static final Path EXAMPLE =
            Path.of("../examples/ollama").toAbsolutePath().normalize();
    private static final String VERSION = System.getProperty("chela.version", "unset");
    private static final String REPOSITORY =
            System.getProperty("maven.repo.local", System.getProperty("chela.repository", "unset"));
    private static final Duration BUILDING = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long HANG_UP_MILLIS = 10_000;
    private static final String LAST = "{\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\","
            + "\"prompt_eval_count\":7,\"eval_count\":2}";

    @TempDir
    private static Path folder = Path.of("unset");

    private static ScriptedUpstream ollama = ScriptedUpstream.saying();
    private static Image gateway;
    private static Caller caller;

    @BeforeAll
    static void builtAndStarted() throws Exception {
        Path jar = build();
        var extensible = Extensible.in(folder);
        Files.copy(jar, extensible.folder("ollama").resolve("chela-ollama.jar"));
        assertThat(Launch.in(folder)
                        .from(extensible.image())
                        .chela("modules", "list")
                        .run()
                        .out()
                        .lines())
                .anyMatch(line -> line.matches("model +ollama +com\\.example\\.ollama +1\\.0\\.0 +modules/ollama"));
        ollama.close();
        ollama = ScriptedUpstream.answering(OllamaExampleTest::answer);
        gateway = Launch.in(folder).from(extensible.image()).start("""
                gateway: { http: { endpoints: { chatCompletions: { enabled: true } } } }
                agents: { defaults: { model: home/small }, list: [ { id: main, instructions: Be brief. } ] }
                models: { providers: { home: { api: ollama, baseUrl: "%s", models: [ { id: small } ] } } }
                """.formatted(
                        ollama.baseUrl().replace("/v1", "")));
        caller = gateway.caller();
    }

    @AfterAll
    static void stop() {
        ollama.close();
        if (gateway != null) {
            caller.close();
            gateway.close();
        }
    }

    /// In a repository of its own that has the API and nothing else of ours; Maven's plugins come from the
    /// usual one.
    private static Path build() throws Exception {
        Path repository = folder.resolve("repository");
        install(repository);
        Path copy = folder.resolve("ollama");
        try (Stream<Path> files = Files.walk(EXAMPLE)) {
            for (Path file : files.filter(it -> !it.startsWith(EXAMPLE.resolve("target")))
                    .toList()) {
                Files.copy(file, copy.resolve(EXAMPLE.relativize(file).toString()));
            }
        }
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        Ended maven = Program.in(
                        copy,
                        EXAMPLE.resolve("../../mvnw").normalize().toString(),
                        "-B",
                        "-ntp",
                        "-Dmaven.repo.local=" + repository,
                        "-Dmaven.repo.local.tail=" + REPOSITORY,
                        "package")
                .withOnly(environment)
                .within(BUILDING)
                .run();
        assertThat(maven.exit()).as(maven.out() + maven.err()).isZero();
        return copy.resolve("target/chela-ollama.jar");
    }

    /// What `mvn install:install-file -Dfile=` does: the jar and the POM that is in it.
    private static void install(Path repository) throws IOException {
        String name = "chela-api-" + VERSION;
        Path jar = Launch.BUILT.resolve("api").resolve(name + ".jar");
        Path place =
                Files.createDirectories(repository.resolve("io/chela/chela-api").resolve(VERSION));
        Files.copy(jar, place.resolve(name + ".jar"));
        try (var zip = new ZipFile(jar.toFile());
                var pom = zip.getInputStream(zip.getEntry("META-INF/maven/io.chela/chela-api/pom.xml"))) {
            Files.copy(pom, place.resolve(name + ".pom"));
        }
    }

    /// Does what the last thing that was said asks for.
    private static void answer(ScriptedUpstream.Exchange exchange) throws IOException, InterruptedException {
        JsonNode messages = exchange.request().json().path("messages");
        switch (messages.path(messages.size() - 1).path("content").stringValue("")) {
            case "MISSING" -> exchange.json(404, "{\"error\":\"model 'small' not found\"}");
            case "FAIL" -> lines(exchange, "{\"message\":{\"content\":\"Well\"}}", "{\"error\":\"out of memory\"}");
            case "CUT" -> {
                lines(exchange, "{\"message\":{\"content\":\"Well\"}}");
                exchange.raw("0\r\n\r\n");
            }
            case "TOOL" ->
                lines(
                        exchange,
                        "{\"message\":{\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":{\"a\":1}}}]}}",
                        LAST);
            case "HANG" -> {
                lines(exchange, "{\"message\":{\"content\":\"Once\"}}");
                exchange.forEver("1\r\n \r\n", Duration.ofMillis(50));
            }
            default -> {
                lines(exchange, "{\"message\":{\"content\":\"Good \"}}", "{\"message\":{\"content\":\"day\"}}", LAST);
                exchange.raw("0\r\n\r\n");
            }
        }
    }

    private static void lines(ScriptedUpstream.Exchange exchange, String... lines) throws IOException {
        exchange.stream();
        for (String line : lines) {
            exchange.piece((line + "\n").getBytes(UTF_8));
        }
    }

    private static String error(String text) throws Exception {
        var answer = caller.say(text);
        return answer.statusCode() + " "
                + Json.readObject(answer.body()).at("/error/message").stringValue();
    }

    @Test
    void answersAndCounts() throws Exception {
        var answer = caller.say("hello");

        assertThat(Caller.text(answer)).isEqualTo("Good day");
        assertThat(Json.readObject(answer.body()).at("/usage/total_tokens").intValue())
                .isEqualTo(9);
    }

    @Test
    void asksInItsServersWords() throws Exception {
        caller.send(Caller.body("in its words").put("temperature", 0.5).put("max_tokens", 9));

        var asked = ollama.requests().stream()
                .filter(request -> request.body().contains("in its words"))
                .findFirst()
                .orElseThrow();
        assertThat(asked.path()).isEqualTo("/api/chat");
        assertThat(asked.json()).isEqualTo(Json.readObject("""
                {"model":"small","stream":true,"messages":[{"role":"system","content":"Be brief."},
                 {"role":"user","content":"in its words"}],"options":{"temperature":0.5,"num_predict":9}}"""));
    }

    @Test
    void streams() throws Exception {
        var events = caller.send(Caller.body("hello").put("stream", true)).body();

        assertThat(events)
                .contains("\"content\":\"Good \"", "\"content\":\"day\"")
                .endsWith("data: [DONE]\n\n");
    }

    @Test
    void callsTools() throws Exception {
        ObjectNode body = Caller.body("TOOL");
        body.putArray("tools")
                .addObject()
                .put("type", "function")
                .putObject("function")
                .put("name", "f");
        JsonNode choice = Json.readObject(caller.send(body).body()).at("/choices/0");

        assertThat(choice.path("finish_reason").stringValue()).isEqualTo("tool_calls");
        assertThat(choice.at("/message/tool_calls/0/function/arguments").stringValue())
                .isEqualTo("{\"a\":1}");
    }

    @Test
    void saysWhatItsServerSaid() throws Exception {
        assertThat(error("MISSING")).contains("'home'", "(status 404): model 'small' not found");
        assertThat(error("FAIL")).startsWith("502 ").contains("'home'", "out of memory");
        assertThat(error("CUT")).startsWith("502 ").contains("'home'", "broke off");
    }

    @Test
    void hangsUpWhenItsCallerDoes() throws Exception {
        int before = ollama.requests().size();
        Socket gone = caller.raw(Caller.body("HANG"), "trip");
        Patience.until(PATIENCE, gateway::log, () -> ollama.requests().size() > before);
        gone.close();

        assertThat(ollama.awaitHangUp(HANG_UP_MILLIS)).isTrue();
    }
}
