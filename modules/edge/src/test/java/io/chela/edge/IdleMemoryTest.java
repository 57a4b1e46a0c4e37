package io.chela.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class IdleMemoryTest {
    private static final int CALLERS = 500;

    /// For both ends of a connection, which are in one heap here. Half of it is what is seen; were the stack of the
    /// request kept, it would be three times as much.
    private static final int MOST_BYTES_EACH = 24 * 1024;

    private static final int DEEP = 500;

    @Test
    void keepsLittleOfAConnectionThatIsIdleAfterItsAnswer_andAnswersItAgain() throws IOException {
        try (var edge = TestEdge.with(http -> http.get("/deep", (_, response) -> answerDeeply(response, DEEP)))) {
            List<SocketChannel> callers = new ArrayList<>();
            var address = new InetSocketAddress(
                    InetAddress.getLoopbackAddress(), edge.server().port());
            try {
                ask(connected(callers, address));
                long before = usedBytes();
                for (int i = 1; i < CALLERS; i++) {
                    ask(connected(callers, address));
                }
                assertThat(TestEdge.soon(() -> (usedBytes() - before) / CALLERS < MOST_BYTES_EACH))
                        .as("%d bytes each", (usedBytes() - before) / CALLERS)
                        .isTrue();
                for (SocketChannel caller : callers) {
                    ask(caller);
                }
            } finally {
                for (SocketChannel caller : callers) {
                    caller.close();
                }
            }
        }
    }

    private static void answerDeeply(ServerResponse response, int levels) throws InterruptedException {
        if (levels > 0) {
            answerDeeply(response, levels - 1);
        } else {
            TimeUnit.MILLISECONDS.sleep(1); // where a virtual thread waits, its whole stack is on the heap
            response.send("deep");
        }
    }

    private static SocketChannel connected(List<SocketChannel> callers, InetSocketAddress address) throws IOException {
        var caller = SocketChannel.open(address);
        callers.add(caller);
        return caller;
    }

    private static void ask(SocketChannel caller) throws IOException {
        caller.write(ByteBuffer.wrap("GET /deep HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII)));
        var answer = ByteBuffer.allocate(8 * 1024);
        String text = "";
        while (!text.endsWith("deep")) {
            assertThat(caller.read(answer)).isPositive();
            text = new String(answer.array(), 0, answer.position(), US_ASCII);
        }
        assertThat(text).startsWith("HTTP/1.1 200 ");
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
