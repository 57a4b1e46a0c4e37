package io.chela.gateway.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.Json;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.testkit.FakeModel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class GatewayWsTest {
    private static final String READ = "operator.read";
    private static final String WRITE = "operator.write";

    private static ObjectNode message(String text, String key) {
        return Json.object().put("message", text).put("idempotencyKey", key);
    }

    @Test
    void challengesThenGreetsWithWhatWorks() throws Exception {
        try (var talk = Talk.with(FakeModel.saying("ok"))) {
            var peer = talk.open();
            var challenge = peer.frame();
            assertThat(challenge.path("event").stringValue()).isEqualTo("connect.challenge");
            assertThat(challenge.at("/payload/nonce").stringValue()).isNotBlank();
            assertThat(challenge.at("/payload/ts").longValue()).isPositive();
            assertThat(challenge.has("seq")).isFalse();

            var hello = talk.connect(READ, "operator.unheard-of").hello().path("payload");
            assertThat(hello.path("type").stringValue()).isEqualTo("hello-ok");
            assertThat(hello.path("protocol").intValue()).isEqualTo(4);
            assertThat(hello.at("/features/methods"))
                    .isEqualTo(Json.readObject(
                                    "{\"x\":[\"agent\",\"agent.wait\",\"agents.list\",\"chat.abort\",\"health\"]}")
                            .path("x"));
            assertThat(hello.at("/auth/scopes"))
                    .isEqualTo(Json.readObject("{\"x\":[\"operator.read\"]}").path("x"));
            assertThat(hello.at("/snapshot/sessionDefaults/mainSessionKey").stringValue())
                    .isEqualTo("agent:main:main");
            assertThat(hello.at("/policy/tickIntervalMs").intValue()).isEqualTo(30_000);
        }
    }

    @ParameterizedTest
    @CsvSource({"4, 4, true", "3, 3, true", "3, 4, true", "4, 9, true", "5, 5, false", "1, 2, false"})
    void agreesOnAVersion(int oldest, int newest, boolean agreed) throws Exception {
        try (var talk = Talk.with(FakeModel.saying("ok"))) {
            var peer = talk.open();
            peer.frame();
            var answer = peer.call(
                    "connect",
                    Talk.Peer.connectParams(Talk.TOKEN)
                            .put("minProtocol", oldest)
                            .put("maxProtocol", newest));
            assertThat(answer.path("ok").booleanValue()).isEqualTo(agreed);
            if (!agreed) {
                assertThat(answer.at("/error/details/code").stringValue()).isEqualTo("PROTOCOL_MISMATCH");
                assertThat(peer.closing()).isEqualTo("1002 protocol mismatch");
            }
        }
    }

    @Test
    void refusesAWrongAndAMissingToken() throws Exception {
        try (var talk = Talk.with(FakeModel.saying("ok"))) {
            var wrong = talk.open();
            wrong.frame();
            var answer = wrong.call("connect", Talk.Peer.connectParams("wrong"));
            assertThat(answer.at("/error/code").stringValue()).isEqualTo("INVALID_REQUEST");
            assertThat(answer.at("/error/details/code").stringValue()).isEqualTo("AUTH_TOKEN_MISMATCH");
            assertThat(wrong.closing()).startsWith("1008 ");

            var missing = talk.open();
            missing.frame();
            var params = Talk.Peer.connectParams("x");
            params.remove("auth");
            assertThat(missing.call("connect", params).at("/error/details/code").stringValue())
                    .isEqualTo("AUTH_TOKEN_MISSING");
        }
    }

    @Test
    void wantsConnectFirstAndOnlyOnce() throws Exception {
        try (var talk = Talk.with(FakeModel.saying("ok"))) {
            var early = talk.open();
            early.frame();
            assertThat(early.call("health", Json.object()).at("/error/message").stringValue())
                    .isEqualTo("invalid handshake: first request must be connect");
            assertThat(early.closing()).startsWith("1008 ");

            var garbage = talk.open();
            garbage.frame();
            garbage.send("not json");
            assertThat(garbage.closing()).isEqualTo("1008 invalid request frame");

            var peer = talk.connect(READ);
            assertThat(peer.call("connect", Talk.Peer.connectParams(Talk.TOKEN))
                            .at("/error/message")
                            .stringValue())
                    .isEqualTo("connect is only valid as the first request");
        }
    }

    @Test
    void answersWhatItDoesNotKnowAndGoesOn() throws Exception {
        try (var talk = Talk.with(FakeModel.saying("ok"))) {
            var peer = talk.connect(READ);
            assertThat(peer.call("no.such", Json.object()).at("/error/message").stringValue())
                    .isEqualTo("unknown method: no.such");
            peer.send("{\"type\":\"req\",\"id\":\"\",\"method\":\"health\"}");
            assertThat(peer.frame().at("/error/code").stringValue()).isEqualTo("INVALID_REQUEST");
            peer.send("{broken");
            assertThat(peer.frame().path("id").stringValue()).isEqualTo("invalid");
            assertThat(peer.call("health", Json.object()).at("/payload/ok").booleanValue())
                    .isTrue();
        }
    }

    @Test
    void listsAgentsAndKeepsScopes() throws Exception {
        try (var talk = Talk.with(FakeModel.saying("ok"))) {
            var peer = talk.connect(READ);
            var agents = peer.call("agents.list", Json.object()).path("payload");
            assertThat(agents.path("defaultId").stringValue()).isEqualTo("main");
            assertThat(agents.at("/agents/0/model/primary").stringValue()).isEqualTo("fake/m");
            var refused = peer.call("agent", message("hi", "k1"));
            assertThat(refused.at("/error/code").stringValue()).isEqualTo("FORBIDDEN");
            assertThat(refused.at("/error/details/missingScope").stringValue()).isEqualTo(WRITE);
        }
    }

    @Test
    void runsAnAgentAnswersTwiceAndTellsItsEvents() throws Exception {
        try (var talk = Talk.with(FakeModel.saying("Hel", "lo"))) {
            var peer = talk.connect(WRITE);
            String id = peer.request("agent", message("hi", "my-key"));
            var accepted = peer.response(id).path("payload");
            assertThat(accepted.path("status").stringValue()).isEqualTo("accepted");
            assertThat(accepted.path("runId").stringValue()).isEqualTo("my-key");
            assertThat(accepted.path("sessionKey").stringValue()).isEqualTo("agent:main:main");
            var result = peer.response(id).path("payload");
            assertThat(result.path("status").stringValue()).isEqualTo("ok");
            assertThat(result.at("/result/payloads/0/text").stringValue()).isEqualTo("Hello");
            assertThat(result.at("/result/meta/agentMeta/usage/input").intValue())
                    .isEqualTo(11);
            assertThat(result.path("outcome").stringValue()).isEqualTo("completed");

            var chat = peer.events("chat");
            assertThat(chat).last().satisfies(last -> {
                assertThat(last.at("/payload/state").stringValue()).isEqualTo("final");
                assertThat(last.at("/payload/message/content/0/text").stringValue())
                        .isEqualTo("Hello");
            });
            String deltas = chat.stream()
                    .map(event -> event.at("/payload/deltaText").stringValue(""))
                    .reduce("", String::concat);
            assertThat(deltas).isEqualTo("Hello");
            assertThat(peer.events("agent"))
                    .extracting(event -> event.at("/payload/data/phase").stringValue(""))
                    .startsWith("start", "model")
                    .endsWith("end");
            var all = new java.util.ArrayList<>(chat);
            all.addAll(peer.events("agent"));
            assertThat(all).extracting(event -> event.path("seq").longValue()).doesNotHaveDuplicates();
        }
    }

    @Test
    void runsNothingTwiceForOneKey() throws Exception {
        var model = FakeModel.saying("once");
        try (var talk = Talk.with(model)) {
            var peer = talk.connect(WRITE);
            String id = peer.request("agent", message("hi", "same"));
            peer.response(id);
            peer.response(id);
            var again = peer.call("agent", message("hi", "same"));
            assertThat(again.at("/payload/result/payloads/0/text").stringValue())
                    .isEqualTo("once");
            assertThat(model.prompts()).hasSize(1);
        }
    }

    @Test
    void tellsARunThatFailsAsErrorAndPayload() throws Exception {
        var model = FakeModel.scripted(_ -> {
            throw new ProblemException(new Problem.Upstream(Problem.Upstream.Kind.BROKEN, "home", "home is down"));
        });
        try (var talk = Talk.with(model)) {
            var peer = talk.connect(WRITE);
            String id = peer.request("agent", message("hi", "k"));
            peer.response(id);
            var failed = peer.response(id);
            assertThat(failed.path("ok").booleanValue()).isFalse();
            assertThat(failed.at("/error/message").stringValue()).isEqualTo("home is down");
            assertThat(failed.at("/payload/status").stringValue()).isEqualTo("error");
            assertThat(peer.events("chat"))
                    .last()
                    .satisfies(last ->
                            assertThat(last.at("/payload/state").stringValue()).isEqualTo("error"));
        }
    }

    @Test
    void waitsForARunAndTellsAnUnknownOneFromASlowOne() throws Exception {
        var model = FakeModel.saying("a").thenHanging();
        try (var talk = Talk.with(model)) {
            var peer = talk.connect(WRITE);
            String id = peer.request("agent", message("hi", "slow"));
            peer.response(id);
            var slow =
                    peer.call("agent.wait", Json.object().put("runId", "slow").put("timeoutMs", 10));
            assertThat(slow.at("/payload/status").stringValue()).isEqualTo("timeout");
            assertThat(slow.at("/payload/startedAt").longValue()).isPositive();
            var unknown = peer.call("agent.wait", Json.object().put("runId", "nobody"));
            assertThat(unknown.at("/payload/known").booleanValue(true)).isFalse();
            talk.gateway().runtime().runs().cancelAll();
            var ended = peer.call("agent.wait", Json.object().put("runId", "slow"));
            assertThat(ended.at("/payload/outcome").stringValue()).isEqualTo("cancelled");
        }
    }

    @Test
    void abortsTheRunOfASessionAndNoOther() throws Exception {
        try (var talk = Talk.with(FakeModel.saying("a").thenHanging())) {
            var peer = talk.connect(WRITE);
            peer.response(peer.request("agent", message("hi", "one").put("sessionKey", "trip")));
            peer.response(peer.request("agent", message("hi", "two").put("sessionKey", "work")));
            var none = peer.call(
                    "chat.abort", Json.object().put("sessionKey", "trip").put("runId", "two"));
            assertThat(none.at("/payload/aborted").booleanValue(true)).isFalse();
            var aborted = peer.call("chat.abort", Json.object().put("sessionKey", "trip"));
            assertThat(aborted.path("payload"))
                    .isEqualTo(Json.readObject("{\"ok\":true,\"aborted\":true,\"runIds\":[\"one\"]}"));
            var ended = peer.call("agent.wait", Json.object().put("runId", "one"));
            assertThat(ended.at("/payload/outcome").stringValue()).isEqualTo("cancelled");
        }
    }

    @Test
    void endsARunThatOutlastsItsTimeout() throws Exception {
        try (var talk = Talk.with(FakeModel.saying("a").thenHanging())) {
            var peer = talk.connect(WRITE);
            String id = peer.request("agent", message("hi", "k").put("timeout", 1));
            peer.response(id);
            assertThat(peer.response(id).at("/payload/outcome").stringValue()).isEqualTo("timed_out");
        }
    }

    @Test
    void goesOnWithARunWhoseCallerLeft() throws Exception {
        var model = FakeModel.saying("a").thenHanging();
        try (var talk = Talk.with(model)) {
            var peer = talk.connect(WRITE);
            peer.response(peer.request("agent", message("hi", "k")));
            peer.hangUp();
            assertThat(model.hungUp().await(500, TimeUnit.MILLISECONDS)).isFalse();
            assertThat(talk.gateway().runtime().runs().running()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "message, , must have required property 'message'",
        "agentId, ghost, Unknown agent or model 'ghost'.",
        "sessionKey, agent:main:cron:x, reserved",
    })
    void saysWhatIsWrongWithARequest(String name, String value, String words) throws Exception {
        try (var talk = Talk.with(FakeModel.saying("ok"))) {
            var peer = talk.connect(WRITE);
            ObjectNode params = message("hi", "k");
            if (value == null) {
                params.remove(name);
            } else {
                params.put(name, value);
            }
            var refused = peer.call("agent", params);
            assertThat(refused.at("/error/code").stringValue()).isEqualTo("INVALID_REQUEST");
            assertThat(refused.at("/error/message").stringValue()).contains(words);
        }
    }

    @Test
    void letsInOnlyPagesOfThisMachine() throws Exception {
        try (var talk = Talk.with(FakeModel.saying("ok"))) {
            assertThat(talk.open("Origin", "http://localhost:5173").frame()).isNotEmpty();
            assertThatThrownBy(() -> talk.open("Origin", "https://evil.example"))
                    .rootCause()
                    .hasMessageContaining("403");
        }
    }

    @Test
    void tellsEverybodyWhenItStopsAndLetsARunningRequestEnd() throws Exception {
        var model = FakeModel.saying("a").thenHanging();
        try (var talk = Talk.with(model)) {
            var idle = talk.connect(READ);
            var busy = talk.connect(WRITE);
            String id = busy.request("agent", message("hi", "k"));
            busy.response(id);
            talk.edge().drain();
            idle.event("shutdown", "gateway stopping");
            assertThat(idle.closing()).isEqualTo("1012 service restart");
            talk.gateway().runtime().runs().cancelAll();
            assertThat(busy.response(id).at("/payload/outcome").stringValue()).isEqualTo("cancelled");
            assertThat(busy.closing()).isEqualTo("1012 service restart");
        }
    }
}
