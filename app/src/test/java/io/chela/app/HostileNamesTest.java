package io.chela.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.testkit.ScriptedUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.node.ObjectNode;

/// Names that are paths, queries, terminals' commands and other names' doubles, sent through both doors of
/// one gateway at every place where a caller gives a name: each is data or refused by its rule, and reaches
/// no header, log line, path or query as it is.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HostileNamesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int PATIENCE_MILLIS = 10_000;

    @TempDir
    static Path folder = Path.of("unset");

    private ScriptedUpstream upstream;
    private GatewayPair pair;
    private Set<String> files;

    @BeforeAll
    void start() throws Exception {
        upstream = ScriptedUpstream.saying("ok");
        pair = GatewayPair.asking(upstream.baseUrl(), folder);
        chat("{" + messages("first") + "}", "");
        files = files();
    }

    @AfterAll
    void stop() {
        pair.close();
        upstream.close();
    }

    static Stream<String> names() {
        return Stream.of(
                "../../../../etc/passwd",
                "..\\..\\chela.db",
                "'; DROP TABLE sessions; --",
                "\" OR 1=1 --",
                "a\r\nSet-Cookie: stolen=1",
                "a\n{\"level\":\"INFO\",\"forged\":true}",
                "a\0b",
                "\u001b[2J\u001b[31mred",
                "\u009b31mred",
                "m\u0430in",
                "\uff4d\uff41\uff49\uff4e",
                "\u212aelvin",
                "беседа",
                "e\u0301",
                "a\u2028b\u2029c",
                "\u202eniam\u202c",
                "a\u200bb",
                "\ud83d\ude00",
                "${jndi:ldap://x/y}",
                "%0d%0aX: y",
                "x".repeat(10_000),
                "ж".repeat(513));
    }

    private static boolean hasControls(String name) {
        return name.chars().anyMatch(Character::isISOControl);
    }

    private static boolean isKey(String name) {
        return !hasControls(name) && name.codePointCount(0, name.length()) <= 512;
    }

    /// What the framing of HTTP itself has to refuse: nobody can send it in a header.
    private static boolean breaksALine(String name) {
        return name.chars().anyMatch(c -> c == '\r' || c == '\n' || c == 0);
    }

    private static String quoted(String text) {
        return Json.write(Json.object().stringNode(text));
    }

    private static String messages(String text) {
        return "\"messages\":[{\"role\":\"user\",\"content\":" + quoted(text) + "}]";
    }

    /// Sends a request on a connection of its own; every byte of the answer, a char each.
    private String chat(String body, String header) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        String head = "POST /v1/chat/completions HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer "
                + pair.address().token().orElseThrow().reveal() + "\r\n" + (header.isEmpty() ? "" : header + "\r\n")
                + "Content-Length: " + bytes.length + "\r\n\r\n";
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), pair.gateway().port())) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(head.getBytes(UTF_8));
            socket.getOutputStream().write(bytes);
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private static int status(String answer) {
        return Integer.parseInt(answer.substring(9, 12));
    }

    /// Printable lines of ASCII only, and none that the caller made.
    private static void assertHarmless(String answer) {
        String head = answer.substring(0, answer.indexOf("\r\n\r\n"));
        assertThat(head.split("\r\n", -1)).allMatch(line -> line.chars().allMatch(c -> c >= ' ' && c < 0x7f));
        assertThat(head).doesNotContainIgnoringCase("Set-Cookie", "\nX: y");
        Json.readObject(answer.substring(answer.indexOf("\r\n\r\n") + 4).getBytes(ISO_8859_1));
    }

    private void assertAnswered(String body, String header, Integer... statuses) throws IOException {
        String answer = chat(body, header);
        assertThat(status(answer)).as(answer).isIn((Object[]) statuses);
        assertHarmless(answer);
    }

    @Order(1)
    @ParameterizedTest
    @MethodSource("names")
    void areDataOrRefusedInABody(String name) throws IOException {
        assertAnswered("{" + messages("by user") + ",\"user\":" + quoted(name) + "}", "", isKey(name) ? 200 : 400);
        assertAnswered("{" + messages("never") + ",\"model\":" + quoted(name) + "}", "", 404);
        assertAnswered("{" + messages("never") + ",\"model\":" + quoted("openclaw/" + name) + "}", "", 404);
    }

    @Order(1)
    @ParameterizedTest
    @MethodSource("names")
    void areDataOrRefusedInAHeader(String name) throws IOException {
        if (breaksALine(name)) {
            return;
        }
        String body = "{" + messages("by header") + "}";
        assertAnswered(body, "x-openclaw-session-key: " + name, isKey(name) ? 200 : 400);
        if (name.chars().anyMatch(c -> c < ' ')) {
            return; // HTTP itself refuses it, in whatever header
        }
        assertAnswered(body, "x-openclaw-agent-id: " + name, 404);
        assertAnswered(body, "x-openclaw-agent: " + name, 404);
        assertAnswered(body, "x-openclaw-message-channel: " + name, name.matches("[ -~]{1,64}") ? 200 : 400);
        assertAnswered(body, "x-openclaw-model: " + name, 404);
        String answer = chat(body, "x-request-id: " + name);
        assertThat(status(answer)).isEqualTo(200);
        assertHarmless(answer);
        assertThat(answer).containsPattern("(?i)x-request-id: [0-9a-f-]{36}\r\n");
    }

    @Order(1)
    @ParameterizedTest
    @MethodSource("names")
    void areDataOrRefusedOverTheWebSocket(String name) throws InterruptedException {
        try (var client = GatewayClient.connect(pair.address(), "operator.write")) {
            assertThat(agent(client, name.length() <= 256 ? name : "long", "sessionKey", name))
                    .isEqualTo(isKey(name));
            assertThat(agent(client, "a", "agentId", name)).isFalse();
            assertThat(agent(client, "k", "idempotencyKey", name))
                    .isEqualTo(!hasControls(name) && name.length() <= 128);
            client.send("m", name, Json.object());
            if (name.length() <= 256) {
                assertThat(client.response("m", PATIENCE).at("/error/message").stringValue())
                        .isEqualTo("unknown method: " + name);
            } else {
                assertThat(client.response("m", PATIENCE).at("/error/code").stringValue())
                        .isEqualTo("INVALID_REQUEST");
            }
        }
    }

    /// Runs one turn; false when the request is refused for what it says.
    private static boolean agent(GatewayClient client, String id, String member, String name)
            throws InterruptedException {
        ObjectNode params = Json.object().put("message", "by socket").put(member, name);
        client.send(id, "agent", params);
        ObjectNode first = client.response(id, PATIENCE);
        if (!first.path("ok").booleanValue()) {
            assertThat(first.at("/error/code").stringValue()).isEqualTo("INVALID_REQUEST");
            return false;
        }
        assertThat(client.response(id, PATIENCE).at("/payload/status").stringValue())
                .isEqualTo("ok");
        return true;
    }

    @Test
    @Order(2)
    void nameASessionEachWhichIsStillThere() throws Exception {
        List<String> keys = names().filter(HostileNamesTest::isKey).toList();
        for (int i = 0; i < keys.size(); i++) {
            assertThat(status(chat("{" + messages("mine " + i) + ",\"user\":" + quoted("2" + keys.get(i)) + "}", "")))
                    .isEqualTo(200);
        }
        for (int i = 0; i < keys.size(); i++) {
            assertThat(status(chat("{" + messages("again") + ",\"user\":" + quoted("2" + keys.get(i)) + "}", "")))
                    .isEqualTo(200);
            assertThat(asked()).containsExactly("mine " + i, "again");
        }
        chat("{" + messages("composed") + ",\"user\":" + quoted("2\u00e9") + "}", "");
        assertThat(asked()).contains("mine " + keys.indexOf("e\u0301"), "composed");
    }

    /// What users said in the latest request to the model.
    private List<String> asked() {
        return upstream.requests()
                .getLast()
                .json()
                .path("messages")
                .valueStream()
                .filter(message -> message.path("role").stringValue("").equals("user"))
                .map(message -> message.path("content").stringValue(""))
                .toList();
    }

    @Test
    @Order(3)
    void makeNoLineAndNoFileOfTheirOwn() throws Exception {
        List<String> lines = Files.readAllLines(folder.resolve("state/logs/chela.log"), ISO_8859_1);
        assertThat(lines).hasSizeGreaterThan(200);
        assertThat(lines).allMatch(line -> line.chars().allMatch(c -> c >= ' ' && c < 0x7f));
        assertThat(lines.stream().map(Json::readObject)).allMatch(line -> line.has("logger") && !line.has("forged"));
        assertThat(files()).isEqualTo(files);
    }

    private static Set<String> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.map(path -> folder.relativize(path).toString())
                    .filter(path -> !path.equals("state/logs") && !path.equals("state/logs/chela.log")) // written later
                    .collect(Collectors.toSet());
        }
    }
}
