package bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// All kinds of callers together for a while, and what the gateway keeps of them in memory.
///
/// @param end of the load, in the nanoseconds of the system's own clock
/// @param bad how many requests were wrong, `left` how many callers did not wait for their answer
record Mixed(Site site, long end, AtomicInteger bad, AtomicInteger left) {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Duration SHORT = Duration.ofSeconds(20);
    /// How much larger the last fifth's memory may be than that of the fifth in the middle.
    private static final double FLAT = 1.10;
    /// In 20 s code is still being compiled.
    private static final double BOUNDED = 1.25;
    /// How much more of the heap may be in use at the end than in the middle: what is under way at one moment.
    private static final long UNDER_WAY = 16L * 1024 * 1024;
    /// A session is left after so many turns.
    private static final int TURNS = 20;

    private interface Step {
        void once() throws IOException, InterruptedException;
    }

    static String run(boolean brief) throws IOException, InterruptedException {
        Duration time = brief ? SHORT : LONG;
        try (Site site = Site.startTouched();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var mixed = new Mixed(
                    site, System.nanoTime() + time.toNanos(), new AtomicInteger(), new AtomicInteger());
            Future<Result> answers = threads.submit(() -> mixed.load("short", false, Upstream.SHORT_TEXT, 1).run(time));
            Future<Result> streams = threads.submit(
                    () -> mixed.load("stream", true, "\"content\":\"twenty", Upstream.STREAM_CHUNKS).run(time));
            List<Future<?>> others = List.of(
                    threads.submit(() -> mixed.again(mixed::leave)),
                    threads.submit(() -> mixed.again(mixed::beWrong)),
                    threads.submit(() -> mixed.again(mixed::sendMuch)),
                    threads.submit(() -> mixed.converse()));
            List<Long> heap = new ArrayList<>();
            long[] memory = mixed.memory(time, heap);
            String figures = "%,d answers, %,d streams, %,d refused, %,d left, ".formatted(
                    answers.get().count(), streams.get().count(), mixed.bad.get(), mixed.left.get());
            for (Future<?> other : others) {
                other.get();
            }
            return figures + flat(memory, brief ? BOUNDED : FLAT) + ", " + flat(heap) + ", " + site.health();
        } catch (ExecutionException e) {
            throw new IOException("a caller failed: " + e.getCause(), e);
        }
    }

    private Load load(String agent, boolean stream, String text, int texts) {
        return new Load(site.port(), site.question(agent, stream), 8, text, texts);
    }

    private Void again(Step step) throws IOException, InterruptedException {
        while (System.nanoTime() < end) {
            step.once();
        }
        return null;
    }

    /// Leaves a stream in its middle.
    private void leave() throws IOException, InterruptedException {
        try (Peer peer = Peer.to(site.port())) {
            peer.send(site.question("slow", true));
            peer.channel().socket().getInputStream().readNBytes(400);
            left.incrementAndGet();
        }
        Thread.sleep(10);
    }

    /// Sends what is refused: broken JSON, an unknown agent, a head that is none, a token that is none.
    private void beWrong() throws IOException, InterruptedException {
        refused(400, Daemon.request(site.port(), "{\"model\":\"openclaw:short\",\"messages\":[{"));
        refused(404, site.question("nobody", false));
        refused(400, "GET / HTTP/1.1\r\nHost : x\r\n\r\n".getBytes(US_ASCII));
        refused(401, "GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(US_ASCII));
        Thread.sleep(10);
    }

    private void refused(int status, byte[] request) throws IOException {
        try (Peer peer = Peer.to(site.port())) {
            Peer.Answer answer = peer.ask(request);
            Check.that(answer.status() == status, "expected " + status + ", not " + answer);
            bad.incrementAndGet();
        }
    }

    private void sendMuch() throws IOException, InterruptedException {
        try (Peer peer = Peer.to(site.port())) {
            Peer.Answer answer = peer.ask(site.question("short", false, "x".repeat(1024 * 1024)));
            Check.that(answer.status() == 200, "a megabyte was answered: " + answer);
        }
        Thread.sleep(200);
    }

    /// One turn after the other, in a session that is remembered.
    private Void converse() throws IOException, InterruptedException {
        for (int turn = 0; System.nanoTime() < end; turn++) {
            String question = new String(site.question("short", false), US_ASCII);
            String key = "X-OpenClaw-Session-Key: agent:short:load-" + turn / TURNS + "\r\nContent-Type:";
            try (Peer peer = Peer.to(site.port())) {
                Peer.Answer answer = peer.ask(question.replace("Content-Type:", key).getBytes(US_ASCII));
                Check.that(answer.status() == 200, "a session was answered: " + answer);
            }
            Thread.sleep(10);
        }
        return null;
    }

    /// A hundred samples, in bytes; in the middle and at the end what of the heap is in use.
    private long[] memory(Duration time, List<Long> heap) throws IOException, InterruptedException {
        List<Long> samples = new ArrayList<>();
        while (System.nanoTime() < end) {
            Thread.sleep(time.dividedBy(100));
            samples.add(site.chela().rssBytes());
            long left = end - System.nanoTime();
            if (left < time.toNanos() / (heap.isEmpty() ? 2 : 8) && heap.size() < 2) {
                heap.add(site.chela().liveHeapBytes());
            }
        }
        return samples.stream().mapToLong(Long::longValue).toArray();
    }

    private static String flat(long[] memory, double most) throws IOException {
        double middle = median(memory, 2);
        double last = median(memory, 4);
        String figures = "RSS %.0f MB in the middle, %.0f MB at the end".formatted(middle / 1e6, last / 1e6);
        Check.that(last <= middle * most, figures);
        return figures;
    }

    private static String flat(List<Long> heap) throws IOException {
        String figures = "heap in use %.0f MB, then %.0f MB".formatted(heap.getFirst() / 1e6, heap.getLast() / 1e6);
        Check.that(heap.size() == 2 && heap.getLast() <= heap.getFirst() + UNDER_WAY, figures);
        return figures;
    }

    /// Of one fifth of the samples.
    private static double median(long[] memory, int fifth) {
        long[] part = Arrays.copyOfRange(memory, memory.length * fifth / 5, memory.length * (fifth + 1) / 5);
        Arrays.sort(part);
        return part[part.length / 2];
    }
}
