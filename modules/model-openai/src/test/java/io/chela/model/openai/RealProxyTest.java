package io.chela.model.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.chela.api.Json;
import io.chela.api.ModelEvent;
import io.chela.api.spi.Model;
import io.chela.testkit.PrivateAuthority;
import io.chela.testkit.ScriptedUpstream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Through a proxy that others have written, running as a process of its own.
@Timeout(120)
class RealProxyTest {
    private static final String PASSWORD = "s3cretword";

    private record Running(Tinyproxy proxy, PrivateAuthority authority) {}

    private static Optional<Running> running = Optional.empty();

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        var program = Tinyproxy.program();
        if (program.isEmpty()) {
            System.err.println("Skipped: a real proxy needs the program tinyproxy (apt install tinyproxy).");
        }
        assumeTrue(program.isPresent(), "there is no tinyproxy");
        var authority = PrivateAuthority.make(folder);
        authority.issue("localhost", "dns:localhost");
        running = Optional.of(new Running(Tinyproxy.start(program.get(), folder, "gateway", PASSWORD), authority));
    }

    @AfterAll
    static void stop() {
        running.ifPresent(all -> all.proxy().close());
    }

    private static Tinyproxy proxy() {
        return running.orElseThrow().proxy();
    }

    private static Model model(String baseUrl, String password, String... more) {
        Map<String, String> entry = new HashMap<>(Map.of(
                "baseUrl",
                baseUrl,
                "request.proxy.mode",
                "explicit-proxy",
                "request.proxy.url",
                "http://gateway:" + password + "@127.0.0.1:" + proxy().port()));
        for (int i = 0; i < more.length; i += 2) {
            entry.put(more[i], more[i + 1]);
        }
        return Asked.model(entry);
    }

    @Test
    void answersThroughIt() throws Exception {
        try (var upstream = ScriptedUpstream.saying("Hel", "lo")) {
            long before = proxy().tunnels();
            assertThat(Asked.events(model(upstream.baseUrl(), PASSWORD)))
                    .startsWith(new ModelEvent.Text("Hel"), new ModelEvent.Text("lo"));
            assertThat(proxy().tunnels()).isEqualTo(before + 1);
        }
    }

    @Test
    void answersThroughItWithTlsOfAPrivateAuthority() throws Exception {
        var authority = running.orElseThrow().authority();
        try (var upstream = ScriptedUpstream.answering(authority.server("localhost"), exchange -> exchange.say("ok"))) {
            long before = proxy().tunnels();
            var model = model(
                    upstream.baseUrl().replace("127.0.0.1", "localhost"),
                    PASSWORD,
                    "request.tls.caPath",
                    authority.certificate().toString());
            assertThat(Asked.events(model)).startsWith(new ModelEvent.Text("ok"));
            assertThat(proxy().tunnels()).isEqualTo(before + 1);
        }
    }

    @Test
    void saysThatItDoesNotAcceptThePassword() {
        try (var upstream = ScriptedUpstream.saying("never")) {
            assertThat(Asked.failure(model(upstream.baseUrl(), "wrongword")).message())
                    .contains("the proxy did not accept the user and password of its URL (status 40")
                    .doesNotContain("wrongword");
            assertThat(upstream.requests()).isEmpty();
        }
    }

    @Test
    void saysThatItDoesNotReachTheServer() {
        assertThat(Asked.failure(model("https://no-such-host.invalid/v1", PASSWORD))
                        .message())
                .startsWith("The model provider 'home' at no-such-host.invalid through the proxy 127.0.0.1:")
                .contains("cannot be reached: the proxy refused the tunnel to no-such-host.invalid:443 (status 5");
    }

    @Test
    void hangsUpOnTheServerBehindIt() throws Exception {
        try (var upstream = ScriptedUpstream.answering(exchange -> {
            exchange.stream();
            exchange.text("a");
            exchange.hang();
        })) {
            try (var reply = model(upstream.baseUrl(), PASSWORD).reply(Asked.prompt(Json.object()))) {
                assertThat(reply.iterator().next()).isEqualTo(new ModelEvent.Text("a"));
            }
            assertThat(upstream.awaitHangUp(20_000)).isTrue();
        }
    }
}
