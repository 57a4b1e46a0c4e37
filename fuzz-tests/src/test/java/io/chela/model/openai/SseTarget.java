package io.chela.model.openai;

import io.chela.api.Json;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.spi.ReplyLimits;
import io.chela.fuzz.Faults;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads any bytes as an event stream: the same events however packets cut it, none larger than its limit,
/// and each read as a chunk or an error without an exception.
public final class SseTarget {
    private SseTarget() {}

    /// At most so many bytes a packet; at the first packet another number.
    private record Packets(int first, int others) {
        InputStream of(byte[] bytes) {
            return new ByteArrayInputStream(bytes) {
                @Override
                public synchronized int read(byte[] into, int offset, int length) {
                    return super.read(into, offset, Math.min(length, pos == 0 ? first : others));
                }
            };
        }
    }

    private static final UpstreamErrors ERRORS = UpstreamErrors.of(
            new OpenAiSettings(
                    "home",
                    new Route(URI.create("http://127.0.0.1:1/v1"), TlsTerms.USUAL, Optional.empty()),
                    new RequestHeaders(Map.of(), List.of()),
                    Duration.ofSeconds(1),
                    List.of(),
                    PassThrough.ALL,
                    Compat.NONE,
                    ReplyLimits.DEFAULTS),
            "m");

    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        List<SseEvent> whole = events(new ByteArrayInputStream(bytes));
        int cut = bytes.length == 0 ? 1 : 1 + (bytes[bytes.length - 1] & 0xff) * bytes.length / 256;
        for (Packets packets : List.of(new Packets(1, 1), new Packets(cut, Integer.MAX_VALUE), new Packets(cut, 7))) {
            List<SseEvent> events = events(packets.of(bytes));
            Faults.check(events.equals(whole), () -> packets + " give " + events + " instead of " + whole);
        }
        var chunks = new ChunkReader(ERRORS);
        whole.forEach(event -> read(chunks, event));
    }

    private static List<SseEvent> events(InputStream in) throws IOException {
        var reader = new SseReader(in, ReplyLimits.DEFAULTS.eventBytes(), Duration.ofMinutes(1));
        List<SseEvent> events = new ArrayList<>();
        for (Optional<SseEvent> next = reader.next(); next.isPresent(); next = reader.next()) {
            events.add(next.get());
        }
        return events;
    }

    private static void read(ChunkReader chunks, SseEvent event) {
        var _ = ServerError.ofEvent(event.data());
        Json.tryObject(event.data()).ifPresent(chunk -> {
            var _ = ServerError.find(chunk);
            try {
                var _ = chunks.read(chunk);
            } catch (ProblemException e) {
                Faults.check(e.problem() instanceof Problem.Upstream, () -> "a chunk is refused with " + e.problem());
            }
        });
    }
}
