package io.chela.gateway.ws;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.testkit.FakeModel;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/// Frames and params that no decent client sends: an answer in our words, no model asked, and the next is served.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadRequestsTest {
    private static final String WRITE = "operator.write";
    private static final Duration NO_TIME = Duration.ofSeconds(5);

    private final FakeModel model = FakeModel.saying("ok");
    private Talk talk;
    private Talk.Peer peer;

    @BeforeAll
    void connect() throws Exception {
        talk = Talk.with(model);
        peer = talk.connect(WRITE);
    }

    @AfterAll
    void close() {
        talk.close();
    }

    private void assertServesOn(int asked) throws Exception {
        assertThat(peer.call("health", Json.object()).at("/payload/ok").booleanValue())
                .isTrue();
        assertThat(model.prompts()).hasSize(asked);
    }

    /// `<deep>`, `<digits>` and `<name>` stand for what is too long for a table.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{broken                                          | is not valid",
                "{\"type\":\"req\",\"id\":\"1\"                   | ends too early",
                "{} x                                             | is not valid",
                "{\"id\":\"1\",\"id\":\"1\"}                      | a member twice",
                "{\"params\":{\"a\":[{\"b\":1,\"b\":2}]}}         | a member twice",
                "[]                                               | must be an object",
                "null                                             | must be an object",
                "\"text\"                                         | must be an object",
                "~~                                               | must be an object",
                "{\"a\":<deep>}                                   | deeper than 512 levels",
                "{\"a\":<digits>}                                 | 1000 digits",
                "{\"a\":1e999999}                            | exponent",
                "{\"<name>\":1}                                   | a name of more than 50000",
                "{\"id\":\"\\ud800\"}                             | half of a surrogate pair",
                "{\"params\":{\"message\":\"\\udc00\"}}           | half of a surrogate pair",
                "\uFEFF\uFEFF{}                                   | is not valid",
                "{\"a\":\"\u0001\"}                               | control character",
                "{}                                               | must be {type",
                "{\"type\":7,\"id\":\"1\",\"method\":\"health\"}  | must be {type",
                "{\"type\":\"req\",\"id\":7,\"method\":\"health\"} | must be {type",
                "{\"type\":\"req\",\"id\":\"1\",\"method\":7}     | must be {type",
                "{\"type\":\"req\",\"id\":\"1\",\"method\":\"health\",\"params\":[]} | must be {type",
                "{\"type\":\"event\",\"id\":\"1\",\"method\":\"health\"} | must be {type",
            })
    void refusesAFrameThatIsNoRequestInOurWords(String text, String words) throws Exception {
        String sent = text.replace("<deep>", "[".repeat(600) + "]".repeat(600))
                .replace("<digits>", "9".repeat(1_001))
                .replace("<name>", "n".repeat(60_000));
        int asked = model.prompts().size();
        long began = System.nanoTime();
        peer.send(sent);
        var error = peer.frame().path("error");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(NO_TIME);
        assertThat(error.path("code").stringValue()).isEqualTo("INVALID_REQUEST");
        assertThat(error.path("message").stringValue())
                .startsWith("invalid request frame: ")
                .contains(words)
                .doesNotContain("Unexpected", "Exception", "CTRL-CHAR", "tools.");
        assertServesOn(asked);
    }

    @Test
    void takesOneByteOrderMark() throws Exception {
        peer.send("\uFEFF{\"type\":\"req\",\"id\":\"marked\",\"method\":\"health\"}");
        assertThat(peer.response("marked").path("ok").booleanValue()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "agent      | {\"message\":7}                                     | at /message: must be string",
                "agent      | {\"message\":\" \"}                                 | required property 'message'",
                "agent      | {\"message\":\"x\",\"idempotencyKey\":7}            | at /idempotencyKey: must be string",
                "agent      | {\"message\":\"x\",\"idempotencyKey\":\"a\\nb\"}    | at /idempotencyKey: a run id has",
                "agent      | {\"message\":\"x\",\"agentId\":[]}                  | at /agentId: must be string",
                "agent      | {\"message\":\"x\",\"agentId\":\"../main\"}         | Unknown agent",
                "agent      | {\"message\":\"x\",\"agentId\":\"m\u0430in\"}       | Unknown agent",
                "agent      | {\"message\":\"x\",\"sessionKey\":{}}               | at /sessionKey: must be string",
                "agent      | {\"message\":\"x\",\"sessionKey\":\"a\\u0000b\"}    | `sessionKey` must have",
                "agent      | {\"message\":\"x\",\"sessionKey\":\"a\\u001b[31m\"} | `sessionKey` must have",
                "agent      | {\"message\":\"x\",\"timeout\":\"1\"}               | at /timeout: must be a number",
                "agent      | {\"message\":\"x\",\"timeout\":1.5}                 | at /timeout: must be a number",
                "agent      | {\"message\":\"x\",\"timeout\":-1}                  | at /timeout: must be a number",
                "agent      | {\"message\":\"x\",\"timeout\":1e9999}         | at /timeout: must be a number",
                "agent      | {\"message\":\"x\",\"timeout\":-1e-9999}       | at /timeout: must be a number",
                "agent.wait | {}                                                  | required property 'runId'",
                "agent.wait | {\"runId\":7}                                       | at /runId: must be string",
                "agent.wait | {\"runId\":\"a\\u0000\"}                            | at /runId: a run id has",
                "agent.wait | {\"runId\":\"x\",\"timeoutMs\":[]}                  | at /timeoutMs: must be a number",
            })
    void namesTheParamThatIsWrong(String method, String params, String words) throws Exception {
        int asked = model.prompts().size();
        var refused = peer.call(method, Json.readObject(params));
        assertThat(refused.at("/error/code").stringValue()).isEqualTo("INVALID_REQUEST");
        assertThat(refused.at("/error/message").stringValue()).contains(words);
        assertServesOn(asked);
    }

    @Test
    void doesNotRepeatARunsIdThatIsTooLong() throws Exception {
        var refused = peer.call("agent.wait", Json.object().put("runId", "x".repeat(1_000_000)));
        assertThat(refused.toString()).hasSizeLessThan(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "minProtocol | \"4\"            | minProtocol",
                "maxProtocol | 4.5              | maxProtocol",
                "maxProtocol | 1e9999      | maxProtocol",
                "role        | 7                | at /role: must be string",
                "auth        | \"token\"        | at /auth: must be object",
                "auth        | {\"token\":7}    | at /auth/token: must be string",
                "auth        | {\"password\":[]} | at /auth/password: must be string",
                "scopes      | \"operator.read\" | at /scopes: must be array",
                "scopes      | {}               | at /scopes: must be array",
                "scopes      | [\"operator.read\",7] | at /scopes/1: must be string",
            })
    void namesTheParamOfAConnectThatIsWrongAndCloses(String name, String value, String words) throws Exception {
        Talk.Peer stranger = talk.open();
        stranger.frame();
        ObjectNode params = Talk.Peer.connectParams(Talk.TOKEN);
        params.set(name, Json.readObject("{\"x\":" + value + "}").path("x"));
        var refused = stranger.call("connect", params);
        assertThat(refused.at("/error/message").stringValue())
                .startsWith("invalid connect params: ")
                .contains(words);
        assertThat(stranger.closing()).startsWith("1008 ");
    }

    /// A request's id and a run's are data: they come back as they were given, in JSON's escapes.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../etc/passwd",
                "a\u0000b\r\nc",
                "\u001b[31mred\u001b[0m",
                "'; DROP TABLE sessions; --",
                "беседа",
                "\u2028\u202e\u0301",
                "\ud83d\ude00"
            })
    void givesARequestsIdBackAsItWas(String id) throws Exception {
        peer.send(Json.write(Json.object().put("type", "req").put("id", id).put("method", "health")));
        assertThat(peer.response(id).path("ok").booleanValue()).isTrue();
    }

    @Test
    void doesNotGiveAnIdOf10KilobytesBack() throws Exception {
        peer.send(Json.write(
                Json.object().put("type", "req").put("id", "x".repeat(10_000)).put("method", "health")));
        assertThat(peer.response("invalid").at("/error/code").stringValue()).isEqualTo("INVALID_REQUEST");
    }

    @Test
    void passesControlCharactersThatAreEscapedOnToTheModel() throws Exception {
        String text = "a\u0000b\u001b[31m\r\n\u007f\u2028\u202e\ud83d\ude00";
        String id = peer.request("agent", Json.object().put("message", text).put("idempotencyKey", "controls"));
        peer.response(id);
        peer.response(id);
        assertThat(model.prompts().getLast().messages().getLast().text()).isEqualTo(text);
    }
}
