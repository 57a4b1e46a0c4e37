package bench;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/// Sends the same again and again, until the other side has enough.
record Flood(Peer peer, byte[] bytes, long times, AtomicLong counted) implements Runnable {
    private static final int PIECE = 64 * 1024;

    Flood(Peer peer, byte[] bytes, long times) {
        this(peer, bytes, times, new AtomicLong());
    }

    /// In bytes, so far.
    long sent() {
        return counted.get();
    }

    @Override
    public void run() {
        try {
            for (long i = 0; i < times; i++) {
                for (int at = 0; at < bytes.length; at += PIECE) {
                    int length = Math.min(PIECE, bytes.length - at);
                    peer.channel().socket().getOutputStream().write(bytes, at, length);
                    counted.addAndGet(length);
                }
            }
        } catch (IOException enough) {
            // which is what is waited for
        }
    }
}
