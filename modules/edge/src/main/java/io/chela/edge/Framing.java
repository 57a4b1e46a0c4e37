package io.chela.edge;

import io.chela.api.ProblemException;
import io.helidon.http.RequestException;
import java.util.Arrays;
import java.util.function.Supplier;

/// Finds where each request of a connection ends, and gives Helidon no byte beyond it.
///
/// Helidon reads what comes out of here: a head that was checked, then a body of exactly the length that the
/// head said or of plain chunks. It could not be made to refuse, or to take, all that RFC 9112 wants.
final class Framing {
    private enum Part {
        HEAD,
        LENGTH,
        CHUNKS,
        RAW
    }

    /// Is told of every head that was not refused, before Helidon reads it.
    interface HeadListener {
        /// Is told of one.
        ///
        /// @param limits those that hold for it
        void headRead(RequestHead head, EdgeLimits limits);
    }

    private static final byte[] NONE = {};

    private final Supplier<byte[]> source;
    private final Supplier<EdgeLimits> limits;
    private final HeadListener listener;

    private byte[] piece = NONE;
    private int at;
    private Part part = Part.HEAD;
    private long left; // of a body with a length
    private Chunks chunks = new Chunks(0);

    /// @param source the connection's next bytes, never none
    /// @param limits asked for each request
    Framing(Supplier<byte[]> source, Supplier<EdgeLimits> limits, HeadListener listener) {
        this.source = source;
        this.limits = limits;
        this.listener = listener;
    }

    /// Takes the next bytes for Helidon; never empty.
    ///
    /// @throws RequestException when the head is refused
    /// @throws ProblemException when the chunks of a body are
    byte[] take() {
        return switch (part) {
            case HEAD -> head();
            case LENGTH -> body();
            case CHUNKS -> chunk();
            case RAW -> slice(available());
        };
    }

    /// Bytes that came and belong to nothing that was given away.
    int buffered() {
        return piece.length - at;
    }

    /// Whatever comes from now on is another protocol's.
    void upgraded() {
        part = Part.RAW;
    }

    private int available() {
        if (at == piece.length) {
            piece = source.get();
        }
        return piece.length - at;
    }

    private byte[] slice(int length) {
        if (at == 0 && length == piece.length) {
            byte[] whole = piece;
            moveTo(length);
            return whole;
        }
        byte[] slice = Arrays.copyOfRange(piece, at, at + length);
        moveTo(at + length);
        return slice;
    }

    /// Keeps nothing of a piece that was used up: most connections are idle.
    private void moveTo(int next) {
        boolean usedUp = next == piece.length;
        piece = usedUp ? NONE : piece;
        at = usedUp ? 0 : next;
    }

    private byte[] head() {
        EdgeLimits bounds = limits.get();
        var head = new RequestHead(bounds);
        while (!head.isComplete()) {
            available();
            take(head);
        }
        if (head.isChunked()) {
            part = Part.CHUNKS;
            chunks = new Chunks(bounds.bodyBytes());
        } else if (head.bodyBytes() > 0) {
            part = Part.LENGTH;
            left = head.bodyBytes();
        }
        listener.headRead(head, bounds);
        return head.toBytes();
    }

    private void take(RequestHead head) {
        try {
            moveTo(head.take(piece, at));
        } catch (ProblemException e) {
            throw head.refused(e.problem()).exception();
        }
    }

    private byte[] body() {
        byte[] body = slice((int) Math.min(left, available()));
        left -= body.length;
        if (left == 0) {
            part = Part.HEAD;
        }
        return body;
    }

    private byte[] chunk() {
        while (!chunks.isComplete()) {
            available();
            moveTo(chunks.takeFraming(piece, at));
            int length = chunks.dataBytes(piece, at);
            if (length > 0) {
                byte[] chunk = chunks.takeData(piece, at, length);
                moveTo(at + length);
                return chunk;
            }
        }
        part = Part.HEAD;
        return chunks.end();
    }
}
