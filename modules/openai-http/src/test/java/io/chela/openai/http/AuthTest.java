package io.chela.openai.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.AgentId;
import io.chela.api.Json;
import io.chela.api.Principal;
import io.chela.api.Scope;
import io.chela.api.Secret;
import io.chela.auth.AuthRules;
import io.chela.auth.Authenticator;
import io.chela.auth.OpenAuth;
import io.chela.auth.Origins;
import io.chela.auth.ProxyAuth;
import io.chela.auth.RateLimit;
import io.chela.auth.SecretHash;
import io.chela.auth.TokenAuth;
import io.chela.auth.TokenEntry;
import io.chela.auth.TrustedProxies;
import io.chela.testkit.FakeModel;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Credentials over HTTP: what each shows, what it gets.
class AuthTest {
    private static final String CHAT = "/v1/chat/completions";
    private static final String BODY = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final int ATTEMPTS = 3;

    private final FakeModel model = FakeModel.saying("ok");

    private static RateLimit limit(Duration pace, int mayWait) {
        return new RateLimit(ATTEMPTS, Duration.ofMinutes(1), Duration.ofMinutes(5), false, pace, mayWait);
    }

    private static AuthRules rules(RateLimit limit) {
        return new AuthRules(
                limit,
                TrustedProxies.of(List.of("127.0.0.1"), false),
                new Origins(Set.of("https://ui.example")),
                Clock.systemUTC());
    }

    private static Authenticator secrets(RateLimit limit) {
        return new Authenticator(
                Optional.of(new TokenAuth(
                        new Secret(TestDoor.TOKEN),
                        List.of(
                                entry("alice", Set.of(Scope.WRITE), Set.of(), Optional.empty()),
                                entry("bob", Set.of(Scope.WRITE), Set.of(new AgentId("beta")), Optional.empty()),
                                entry("reader", Set.of(Scope.READ), Set.of(), Optional.empty()),
                                entry("past", Set.of(Scope.WRITE), Set.of(), Optional.of(Instant.EPOCH))))),
                Optional.empty(),
                rules(limit));
    }

    private static TokenEntry entry(String id, Set<Scope> scopes, Set<AgentId> agents, Optional<Instant> expires) {
        return new TokenEntry(SecretHash.of("of-" + id), new Principal(id, scopes, agents), expires);
    }

    private TestDoor door() {
        return TestDoor.before(model, secrets(limit(Duration.ofMillis(50), 8)));
    }

    /// Posts a chat with these headers and no others.
    private static HttpResponse<String> chat(TestDoor door, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + CHAT))
                .POST(BodyPublishers.ofString(BODY));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return door.send(request);
    }

    private static HttpResponse<String> as(TestDoor door, String secret, String... headers) throws Exception {
        var all = new ArrayList<>(List.of("Authorization", "Bearer " + secret));
        all.addAll(List.of(headers));
        return chat(door, all.toArray(String[]::new));
    }

    private static String error(HttpResponse<String> answer, String member) {
        return Json.readObject(answer.body()).at("/error/" + member).stringValue("");
    }

    @Test
    void endsAStreamOfEventsWhenItsCredentialExpires() throws Exception {
        Instant soon = Instant.now().plusMillis(700);
        var tokens = new TokenAuth(
                new Secret(TestDoor.TOKEN), List.of(entry("guest", Set.of(Scope.READ), Set.of(), Optional.of(soon))));
        var authenticator =
                new Authenticator(Optional.of(tokens), Optional.empty(), rules(limit(Duration.ofMillis(50), 8)));
        try (var door = TestDoor.before(model, authenticator)) {
            // Comes back when the stream ends, which no comment does within 15 s.
            var response =
                    door.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + "/v1/events"))
                            .header("Authorization", "Bearer of-guest"));
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(Instant.now()).isBetween(soon, soon.plusSeconds(10));
        }
    }

    @Test
    void keepsASessionOfTheSameNameForEachPrincipal() throws Exception {
        try (var door = door()) {
            for (String secret : List.of("of-alice", TestDoor.TOKEN)) {
                assertThat(as(door, secret, "x-openclaw-session-key", "trip").statusCode())
                        .isEqualTo(200);
            }
            assertThat(model.prompts().get(1).messages()).hasSize(2);
            as(door, "of-alice", "x-openclaw-session-key", "trip");
            assertThat(model.prompts().get(2).messages())
                    .as("her own exchange comes back")
                    .hasSize(4);
        }
    }

    @Test
    void keepsACredentialToItsAgents() throws Exception {
        try (var door = door()) {
            assertThat(as(door, "of-bob").statusCode()).isEqualTo(403);
            assertThat(as(door, "of-bob", "x-openclaw-agent-id", "beta").statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void namesTheScopeThatACredentialLacks() throws Exception {
        try (var door = door()) {
            var refused = as(door, "of-reader");
            assertThat(refused.statusCode()).isEqualTo(403);
            assertThat(error(refused, "code")).isEqualTo("missing_scope");
            assertThat(error(refused, "details/missingScope")).isEqualTo("operator.write");
        }
    }

    @Test
    void letsAHeaderNarrowAnEntryButNotTheSharedToken() throws Exception {
        try (var door = door()) {
            assertThat(as(door, "of-alice", "x-openclaw-scopes", "operator.read")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(as(door, "of-alice", "x-openclaw-scopes", "").statusCode())
                    .isEqualTo(403);
            assertThat(as(door, "of-reader", "x-openclaw-scopes", "operator.write")
                            .statusCode())
                    .as("never wider")
                    .isEqualTo(403);
            assertThat(as(door, TestDoor.TOKEN, "x-openclaw-scopes", "operator.read")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void refusesAnExpiredCredential() throws Exception {
        try (var door = door()) {
            var refused = as(door, "of-past");
            assertThat(refused.statusCode()).isEqualTo(401);
            assertThat(refused.headers().firstValue("www-authenticate")).contains("Bearer");
        }
    }

    @Test
    void limitsAnAddressAfterWrongSecretsAndServesTheRightOne() throws Exception {
        try (var door = door()) {
            for (int i = 0; i < 2 * ATTEMPTS; i++) {
                assertThat(chat(door).statusCode()).as("a missing one").isEqualTo(401);
                assertThat(chat(door, "Authorization", "Basic x").statusCode()).isEqualTo(401);
            }
            for (int i = 0; i < ATTEMPTS; i++) {
                assertThat(as(door, "wrong").statusCode()).isEqualTo(401);
            }
            var limited = as(door, "wrong");
            assertThat(limited.statusCode()).isEqualTo(429);
            assertThat(error(limited, "type")).isEqualTo("rate_limited");
            assertThat(Integer.parseInt(
                            limited.headers().firstValue("retry-after").orElseThrow()))
                    .isBetween(1, 300);
            assertThat(as(door, TestDoor.TOKEN).statusCode()).isEqualTo(200);
            assertThat(chat(door).statusCode()).as("a missing one").isEqualTo(401);
        }
    }

    @Test
    void decidesAboutPathAndMethodBeforeAnyCredential() throws Exception {
        try (var door = door()) {
            for (int i = 0; i < 2 * ATTEMPTS; i++) {
                assertThat(door.send(request(door, "/v1/nothing")).statusCode()).isEqualTo(404);
                assertThat(door.send(request(door, CHAT)).statusCode()).isEqualTo(405);
            }
            assertThat(as(door, "wrong").statusCode())
                    .as("none of them counted")
                    .isEqualTo(401);
        }
    }

    private static HttpRequest.Builder request(TestDoor door, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + door.port() + path))
                .header("Authorization", "Bearer wrong");
    }

    @Test
    void givesUpThePlaceOfACallerWhoHangsUpWhileItWaits() throws Exception {
        try (var door = TestDoor.before(model, secrets(limit(Duration.ofHours(1), 1)))) {
            for (int i = 0; i < ATTEMPTS; i++) {
                as(door, "wrong");
            }
            try (var one = door.raw(BODY);
                    var other = door.raw(BODY)) {
                assertThat(soon(() -> isAnswered(one) || isAnswered(other)))
                        .as("there is one place")
                        .isTrue();
                var waiting = isAnswered(one) ? other : one;
                assertThat(isAnswered(waiting)).isFalse();
                waiting.close();
                assertThat(soon(() -> isLeftWaiting(door))).isTrue();
            }
        }
    }

    private static boolean isAnswered(Socket socket) throws IOException {
        return socket.getInputStream().available() > 0;
    }

    private static boolean isLeftWaiting(TestDoor door) throws IOException {
        try (var socket = door.raw(BODY)) {
            socket.setSoTimeout(2_000);
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException _) {
            return true;
        }
    }

    private interface Check {
        boolean holds() throws Exception;
    }

    private static boolean soon(Check check) throws Exception {
        long until = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (System.nanoTime() < until) {
            if (check.holds()) {
                return true;
            }
        }
        return false;
    }

    @Test
    void asksForNoSecretWhenOpenButLooksAtAPagesOrigin() throws Exception {
        try (var door = TestDoor.before(
                model, new Authenticator(Optional.empty(), Optional.of(new OpenAuth()), rules(RateLimit.DEFAULTS)))) {
            assertThat(chat(door).statusCode()).isEqualTo(200);
            assertThat(as(door, "whatever").statusCode()).isEqualTo(200);
            assertThat(chat(door, "x-openclaw-scopes", "operator.read").statusCode())
                    .isEqualTo(403);
            assertThat(chat(door, "Origin", "http://localhost:5173").statusCode())
                    .isEqualTo(200);
            assertThat(chat(door, "Origin", "https://ui.example").statusCode()).isEqualTo(200);
            assertThat(chat(door, "Origin", "https://evil.example").statusCode())
                    .isEqualTo(403);
            String rebound = "evil.example:" + door.port();
            assertThat(statusFor(door, rebound, "")).isEqualTo("403");
            assertThat(statusFor(door, rebound, "X-Real-IP: 1.1.1.1\r\n")).isEqualTo("403");
            assertThat(statusFor(door, rebound, "Forwarded: for=1.1.1.1\r\n")).isEqualTo("403");
            assertThat(statusFor(door, rebound, "Origin: http://" + rebound + "\r\n"))
                    .isEqualTo("403");
            assertThat(statusFor(door, rebound, "Origin: http://" + rebound + "\r\nX-Forwarded-For: 1.1.1.1\r\n"))
                    .isEqualTo("403");
            assertThat(statusFor(door, "localhost", "")).isEqualTo("200");
        }
    }

    /// What a request for a host of this name, with these header lines, is answered.
    private static String statusFor(TestDoor door, String host, String lines) throws IOException {
        try (var socket = new Socket(java.net.InetAddress.getLoopbackAddress(), door.port())) {
            var head = "POST " + CHAT + " HTTP/1.1\r\nHost: " + host + "\r\n" + lines + "Content-Length: "
                    + BODY.length() + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write((head + BODY).getBytes(java.nio.charset.StandardCharsets.UTF_8));
            var answer = new String(socket.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            return answer.substring("HTTP/1.1 ".length()).substring(0, 3);
        }
    }

    @Test
    void looksAtNoOriginWhereASecretProtects() throws Exception {
        try (var door = door()) {
            assertThat(as(door, TestDoor.TOKEN, "Origin", "https://evil.example")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void takesTheUserThatATrustedProxyNames() throws Exception {
        var proxy = new ProxyAuth(new ProxyAuth.Rules("x-forwarded-user", List.of(), Set.of("nick"), true));
        try (var door = TestDoor.before(
                model,
                new Authenticator(
                        Optional.of(new TokenAuth(new Secret("local"))),
                        Optional.of(proxy),
                        rules(RateLimit.DEFAULTS)))) {
            String client = "203.0.113.7";
            assertThat(chat(door, "X-Forwarded-For", client, "X-Forwarded-User", "nick")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(chat(door, "X-Forwarded-For", client, "X-Forwarded-User", "eve")
                            .statusCode())
                    .isEqualTo(401);
            assertThat(chat(
                                    door,
                                    "X-Forwarded-For",
                                    client,
                                    "X-Forwarded-User",
                                    "nick",
                                    "Origin",
                                    "https://evil.example")
                            .statusCode())
                    .isEqualTo(403);
            assertThat(as(door, "local").statusCode()).isEqualTo(200);
            assertThat(as(door, "x").statusCode()).isEqualTo(401);
        }
    }
}
