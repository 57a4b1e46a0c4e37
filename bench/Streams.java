package bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Many streams at once, and some that nobody reads.
final class Streams {
    private static final int MANY = 2000;
    private static final int FEWER = 500;
    private static final int STALLED = 200;
    private static final int OTHERS = 4;
    /// Slices of each kind, in turns; the quieter half of each counts.
    private static final int SLICES = 4;
    private static final double MOST_SLOWER = 1.25;
    /// For the build, where a slice is too short to say more than that nobody waits for the stalled.
    private static final double FAR_SLOWER = 10;
    /// Until what the stalled do not read has filled the buffers on its way.
    private static final Duration FILLING = Duration.ofSeconds(2);

    private Streams() {}

    static String complete(boolean brief) throws IOException, InterruptedException {
        int many = brief ? FEWER : MANY;
        try (Site site = Site.start()) {
            long start = System.nanoTime();
            var streams = new Load(
                    site.port(), site.question("slow", true), many, "\"content\":\"twenty", Upstream.SLOW_CHUNKS);
            Result result = streams.run(many);
            Check.that(result.count() == many, "only " + result.count() + " were answered");
            return "%,d streams of %d chunks in %.1f s, first byte p99 %.0f ms, %s".formatted(
                    many, Upstream.SLOW_CHUNKS, (System.nanoTime() - start) / 1e9,
                    Result.percentile(result.first(), 99), site.health());
        }
    }

    static String stalled(boolean brief) throws IOException, InterruptedException {
        Duration slice = brief ? Duration.ofSeconds(1) : Duration.ofSeconds(6);
        try (Site site = Site.start()) {
            var others = new Load(site.port(), site.question("short", false), OTHERS, Upstream.SHORT_TEXT, 1);
            others.run(brief ? Duration.ofSeconds(2) : Duration.ofSeconds(20));
            List<Double> alone = new ArrayList<>();
            List<Double> beside = new ArrayList<>();
            for (int i = 0; i < (brief ? 2 : SLICES); i++) {
                alone.add(Result.percentile(others.run(slice).whole(), 99));
                try (Crowd crowd = stalledReaders(site)) {
                    Thread.sleep(FILLING);
                    beside.add(Result.percentile(others.run(slice).whole(), 99));
                    int closed = crowd.closed();
                    Check.that(closed == 0, closed + " of the stalled were closed early");
                }
            }
            double ratio = quieter(beside) / quieter(alone);
            Check.that(ratio <= (brief ? FAR_SLOWER : MOST_SLOWER), "p99 alone %s ms, beside %s ms".formatted(alone, beside));
            return "p99 %.2f ms beside them, %.2f ms without: %.2f x, %s".formatted(
                    quieter(beside), quieter(alone), ratio, site.health());
        }
    }

    /// Each has read the first bytes of a stream that goes on.
    private static Crowd stalledReaders(Site site) throws IOException, InterruptedException {
        byte[] question = site.question("flood", true);
        return Crowd.of(STALLED, () -> {
            Peer peer = Peer.lazy(site.port());
            peer.send(question);
            String start = new String(peer.channel().socket().getInputStream().readNBytes(12));
            Check.that(start.equals("HTTP/1.1 200"), "a stream began with: " + start);
            return peer;
        });
    }

    /// The mean of the lower half.
    private static double quieter(List<Double> slices) {
        List<Double> sorted = new ArrayList<>(slices);
        Collections.sort(sorted);
        return sorted.subList(0, sorted.size() / 2).stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
