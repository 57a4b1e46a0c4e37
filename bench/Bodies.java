package bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// Bodies that are large, stop half-way or never end.
final class Bodies {
    private static final int BODY = 20 * 1024 * 1024;
    private static final int BODIES = 50;
    private static final int HALVES = 300;
    private static final Duration SOON = Duration.ofSeconds(10);
    /// What a refused caller may get rid of: what the sockets between the two hold, and what is read to be polite.
    private static final long BOUND = 64L * 1024 * 1024;

    private Bodies() {}

    /// All of them at the same moment.
    static String whole(boolean brief) throws IOException, InterruptedException {
        try (Site site = Site.start()) {
            String text = "x".repeat(BODY - 200);
            byte[] question = site.question("short", false, text);
            List<Integer> statuses = Crowd.all(BODIES, () -> statusOf(site, question));
            int good = Collections.frequency(statuses, 200);
            int busy = Collections.frequency(statuses, 503);
            int gone = Collections.frequency(statuses, 0);
            String figures = "%d x 200, %d x 503, %d hung up, ".formatted(good, busy, gone);
            Check.that(good + busy + gone == BODIES && good > 0 && busy > 0, figures + statuses);
            return figures + "next caller after " + site.nextCaller(SOON) + " ms, " + site.health();
        }
    }

    /// Sends, and hears meanwhile whether it is refused; 0 when the connection broke before an answer could be read.
    private static int statusOf(Site site, byte[] question) throws IOException, InterruptedException {
        try (Peer peer = Peer.to(site.port())) {
            Thread sending = Thread.startVirtualThread(() -> {
                try {
                    peer.send(question);
                } catch (IOException refused) {
                    // the answer says why
                }
            });
            int status = status(peer);
            sending.join(SOON);
            return status;
        }
    }

    private static int status(Peer peer) {
        try {
            return peer.answer().status();
        } catch (IOException reset) {
            return 0;
        }
    }

    /// Half of a body each, of 100 KiB announced.
    static String half(boolean brief) throws IOException, InterruptedException {
        try (Site site = Site.start()) {
            byte[] question = site.question("short", false, "x".repeat(100 * 1024));
            byte[] half = Arrays.copyOf(question, question.length / 2);
            try (Crowd crowd = Crowd.of(HALVES, () -> {
                Peer peer = Peer.to(site.port());
                peer.send(half);
                return peer;
            })) {
                long millis = site.nextCaller(SOON);
                String figures = "next caller after " + millis + " ms, " + site.health();
                return brief ? figures : figures + ", " + timedOut(crowd) + " x 408";
            }
        }
    }

    /// Each of the half-sent must be told, and its connection closed.
    private static int timedOut(Crowd crowd) throws IOException {
        int told = 0;
        for (Peer peer : crowd.peers()) {
            told += peer.answer().status() == 408 ? 1 : 0;
        }
        Check.that(told == HALVES, "only " + told + " got 408");
        return told;
    }

    /// A refused request (401) whose chunk has an extension without an end.
    static String endlessExtension(boolean brief) throws IOException, InterruptedException {
        byte[] more = "x".repeat(64 * 1024).getBytes(US_ASCII);
        return refused("5;x=".getBytes(US_ASCII), more, Long.MAX_VALUE);
    }

    /// A refused request (401) with a gigabyte in 50 chunks.
    static String refusedChunks(boolean brief) throws IOException, InterruptedException {
        byte[] more = new byte[BODY + 2];
        Arrays.fill(more, (byte) 'x');
        byte[] size = (Integer.toHexString(BODY) + "\r\n").getBytes(US_ASCII);
        byte[] chunk = new byte[size.length + more.length];
        System.arraycopy(size, 0, chunk, 0, size.length);
        System.arraycopy(more, 0, chunk, size.length, more.length);
        chunk[chunk.length - 2] = '\r';
        chunk[chunk.length - 1] = '\n';
        return refused(new byte[0], chunk, 50);
    }

    private static String refused(byte[] start, byte[] more, long times) throws IOException, InterruptedException {
        try (Site site = Site.start();
                Peer peer = Peer.to(site.port())) {
            peer.send(("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer wrong\r\n"
                            + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
                    .getBytes(US_ASCII));
            peer.send(start);
            var flood = new Flood(peer, more, times);
            Thread sending = Thread.startVirtualThread(flood);
            long begin = System.nanoTime();
            int status = status(peer);
            Check.that(status == 401 || status == 0, "answered " + status);
            Check.that(sending.join(SOON), "still taken after " + flood.sent() / 1_000_000 + " MB");
            Check.that(flood.sent() <= BOUND, flood.sent() + " bytes were taken");
            long millis = (System.nanoTime() - begin) / 1_000_000;
            return "%s, ended after %d ms and %.1f MB, next caller after %d ms, %s".formatted(
                    status == 0 ? "hung up" : status, millis, flood.sent() / 1e6, site.nextCaller(SOON), site.health());
        }
    }
}
