package io.chela.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.SessionKey;
import io.chela.auth.AuthRules;
import io.chela.auth.Origins;
import io.chela.auth.RateLimit;
import io.chela.auth.TrustedProxies;
import io.helidon.http.Method;
import io.helidon.webserver.http.HttpRouting;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccessLogTest {
    private static final Logger LOG = Logger.getLogger("io.chela.access");

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord record) {
            lines.add(String.valueOf(record.getParameters()[0]));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };
    private final TestEdge edge = TestEdge.with(AccessLogTest::routes);

    private static void routes(HttpRouting.Builder http) {
        Paths.only(http, "/noted", Method.GET, (_, response) -> {
            Exchange.note("agent", "main\nstatus=200 forged");
            response.send("noted");
        });
    }

    @BeforeEach
    void listen() {
        LOG.addHandler(listener);
    }

    @AfterEach
    void stop() {
        LOG.removeHandler(listener);
        edge.close();
    }

    private String line() {
        assertThat(TestEdge.soon(() -> !lines.isEmpty())).isTrue();
        return lines.getFirst();
    }

    @Test
    void writesOneLineWithTheNotesOfTheDoor() {
        try (var client = edge.client()) {
            client.get("/noted?secret=1", "x-request-id: abc").answer();
        }
        assertThat(line())
                .matches("id=abc agent=main%0Astatus=200%20forged method=GET path=/noted status=200 bytes=\\d+"
                        + " ms=\\d+ outcome=completed peer=127\\.0\\.0\\.1");
        assertThat(lines).hasSize(1);
    }

    @Test
    void namesTheClientThatATrustedProxySpeaksFor() {
        var rules = new AuthRules(
                RateLimit.DEFAULTS, TrustedProxies.of(List.of("127.0.0.1"), false), Origins.OWN, Clock.systemUTC());
        var settings = new EdgeSettings(List.of("127.0.0.1"), 0, EdgeLimits.DEFAULTS);
        var live = new LiveGateway(TestGateway.of(settings, List::of, rules));
        try (var behindProxy = TestEdge.before(live, TestEdge.feature(AccessLogTest::routes, _ -> {}));
                var client = behindProxy.client()) {
            client.get("/noted", "x-forwarded-for: 203.0.113.7").answer();
        }
        assertThat(line()).endsWith(" peer=203.0.113.7");
    }

    @Test
    void writesALineForWhatTheServerRefuses() {
        try (var client = edge.client()) {
            client.send("GET /a%0Ab HTTP/1.1\r\n\r\n").answer();
        }
        assertThat(line()).matches("id=\\S+ method=GET path=/a%0Ab status=400 .*outcome=refused.*");
    }

    @Test
    void hashesASessionsKeyAndNeverWritesIt() {
        String hash = RunNotes.hash(new SessionKey("agent:main:secret-trip"));
        assertThat(hash).matches("[0-9a-f]{12}").isEqualTo(RunNotes.hash(new SessionKey("agent:main:secret-trip")));
        assertThat(hash).isNotEqualTo(RunNotes.hash(new SessionKey("agent:main:other")));
    }
}
