package io.chela.edge;

import io.chela.api.Budget;

/// One open WebSocket, for whoever has something to say on it; every method from any thread.
public final class WsChannel {
    private final Line line;
    private final Outbox outbox;
    private volatile int maxMessageBytes;

    WsChannel(Line line, Outbox outbox, int maxMessageBytes) {
        this.line = line;
        this.outbox = outbox;
        this.maxMessageBytes = maxMessageBytes;
    }

    /// Puts a text message behind those that wait; never blocks.
    ///
    /// False when the channel is closing: so it is from the moment the peer reads too slowly (it gets 1008).
    public boolean send(String message) {
        return outbox.offer(message);
    }

    /// Closes once what waits is written; the first close counts. A peer that does not answer is cut off.
    ///
    /// @param code an RFC 6455 status, 1000 or above
    /// @param reason at most 123 bytes of it are sent
    public void close(int code, String reason) {
        outbox.close(code, reason);
    }

    /// Leaves the memory of the message that is being handled to somebody who goes on with it after that, and closes
    /// it then. Only on the line's thread.
    public Budget.Hold handOver() {
        return line.handOver();
    }

    /// The connection under it, with what filters attached.
    public Line line() {
        return line;
    }

    /// Changes the largest message the peer may send, from the next frame on.
    public void maxMessageBytes(int bytes) {
        if (bytes < 1 || bytes > WsLimits.MAX_MESSAGE_BYTES) {
            throw new IllegalArgumentException("a message is 1 to " + WsLimits.MAX_MESSAGE_BYTES + " bytes");
        }
        maxMessageBytes = bytes;
    }

    int maxMessageBytes() {
        return maxMessageBytes;
    }
}
