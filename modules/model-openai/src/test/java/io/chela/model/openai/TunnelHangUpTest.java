package io.chela.model.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.spi.Model;
import io.chela.testkit.ScriptedProxy;
import io.chela.testkit.ScriptedUpstream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A reply that is closed, or takes too long, in each phase of a call through a proxy.
@Timeout(60)
class TunnelHangUpTest {
    private static final String CONSENT = "HTTP/1.1 200 Connection established\r\n\r\n";

    private static final Set<Thread.State> WAITING = Set.of(Thread.State.WAITING, Thread.State.TIMED_WAITING);

    private static Model behind(int proxyPort, String baseUrl, String seconds) {
        return Asked.model(Map.of(
                "baseUrl",
                baseUrl,
                "timeoutSeconds",
                seconds,
                "request.proxy.mode",
                "explicit-proxy",
                "request.proxy.url",
                "http://127.0.0.1:" + proxyPort));
    }

    /// Asks on a virtual thread, as in the gateway, closes the reply once the phase is reached, and expects the
    /// asking thread back.
    private static void closes(Model model, int eventsBefore, BooleanSupplier reached) throws Exception {
        var reply = model.reply(Asked.prompt(Json.object()));
        var events = new CountDownLatch(eventsBefore);
        var ended = new CompletableFuture<Throwable>();
        var interrupted = new CompletableFuture<Boolean>();
        Thread asking = Thread.startVirtualThread(() -> {
            try {
                for (var _ : reply) {
                    events.countDown();
                }
                ended.completeExceptionally(new AssertionError("it went on to the end"));
            } catch (RuntimeException e) {
                interrupted.complete(Thread.currentThread().isInterrupted());
                ended.complete(e);
            }
        });
        assertThat(events.await(10, TimeUnit.SECONDS)).isTrue();
        await(() -> reached.getAsBoolean() && WAITING.contains(asking.getState()));
        reply.close();
        assertThat(ended.get(10, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isFalse();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            Thread.sleep(5);
        }
    }

    @Test
    void hangsUpWhileItConnectsToTheProxy() throws Exception {
        List<Socket> queue = new ArrayList<>();
        try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ProxyTest.fill(full, queue);
            closes(behind(full.getLocalPort(), "https://h.invalid", "30"), 0, () -> true);
        } finally {
            for (Socket socket : queue) {
                socket.close();
            }
        }
    }

    @Test
    void hangsUpWhileItWaitsForTheTunnel() throws Exception {
        try (var proxy = ScriptedUpstream.answering(ScriptedUpstream.Exchange::hang)) {
            closes(
                    behind(proxy.port(), "https://h.invalid", "30"),
                    0,
                    () -> !proxy.requests().isEmpty());
            assertThat(proxy.awaitHangUp(10_000)).isTrue();
        }
    }

    /// The server behind the tunnel takes the first word of TLS, and never gives one.
    @Test
    void hangsUpInTheHandshake() throws Exception {
        var reached = new CountDownLatch(1);
        var left = new CountDownLatch(1);
        try (var proxy = proxyWithoutTls(reached, left)) {
            closes(behind(proxy.port(), "https://h.invalid", "30"), 0, () -> reached.getCount() == 0);
            assertThat(left.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static ScriptedUpstream proxyWithoutTls(CountDownLatch hello, CountDownLatch left) {
        return ScriptedUpstream.answering(exchange -> {
            exchange.raw(CONSENT);
            ScriptedProxy.swallow(exchange, hello);
            left.countDown();
            exchange.cut();
        });
    }

    @Test
    void hangsUpBeforeTheHeadAndInMidStream() throws Exception {
        try (var proxy = ScriptedProxy.tunnelling();
                var silent = ScriptedUpstream.answering(ScriptedUpstream.Exchange::hang);
                var talking = ScriptedUpstream.answering(exchange -> {
                    exchange.stream();
                    exchange.text("a");
                    exchange.hang();
                })) {
            closes(
                    behind(proxy.port(), silent.baseUrl(), "30"),
                    0,
                    () -> !silent.requests().isEmpty());
            assertThat(silent.awaitHangUp(10_000)).isTrue();
            closes(behind(proxy.port(), talking.baseUrl(), "30"), 1, () -> true);
            assertThat(talking.awaitHangUp(10_000)).isTrue();
        }
    }

    @Test
    void givesUpOnWhatIsSilentBehindTheTunnel() throws Exception {
        try (var proxy = ScriptedProxy.tunnelling();
                var withoutTls = proxyWithoutTls(new CountDownLatch(1), new CountDownLatch(1));
                var silent = ScriptedUpstream.answering(ScriptedUpstream.Exchange::hang);
                var talking = ScriptedUpstream.answering(exchange -> {
                    exchange.stream();
                    exchange.text("a");
                    exchange.hang();
                })) {
            assertSilent(behind(proxy.port(), silent.baseUrl(), "1"));
            assertSilent(behind(proxy.port(), talking.baseUrl(), "1"));
            assertSilent(behind(withoutTls.port(), "https://h.invalid", "1"));
        }
    }

    private static void assertSilent(Model model) throws Exception {
        var failed = new CompletableFuture<Problem.Upstream>();
        Thread.startVirtualThread(() -> {
            try (var reply = model.reply(Asked.prompt(Json.object()))) {
                reply.forEach(_ -> {});
                failed.completeExceptionally(new IOException("it answered"));
            } catch (ProblemException e) {
                failed.complete((Problem.Upstream) e.problem());
            }
        });
        assertThat(failed.get(30, TimeUnit.SECONDS).kind()).isEqualTo(Problem.Upstream.Kind.SILENT);
    }
}
