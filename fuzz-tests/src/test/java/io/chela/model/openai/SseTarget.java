package io.chela.model.openai;

import io.chela.api.Json;
import io.chela.fuzz.Faults;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
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

    public static void fuzzerTestOneInput(byte[] bytes) throws IOException {
        List<SseEvent> whole = events(new ByteArrayInputStream(bytes));
        int cut = bytes.length == 0 ? 1 : 1 + (bytes[bytes.length - 1] & 0xff) * bytes.length / 256;
        for (Packets packets : List.of(new Packets(1, 1), new Packets(cut, Integer.MAX_VALUE), new Packets(cut, 7))) {
            List<SseEvent> events = events(packets.of(bytes));
            Faults.check(events.equals(whole), () -> packets + " give " + events + " instead of " + whole);
        }
        var chunks = new ChunkReader();
        whole.forEach(event -> read(chunks, event));
    }

    private static List<SseEvent> events(InputStream in) throws IOException {
        var reader = new SseReader(in);
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
            var _ = chunks.read(chunk);
        });
    }
}
