package io.chela.edge;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.SocketWriterException;
import io.helidon.webserver.CloseConnectionException;
import java.io.UncheckedIOException;
import java.time.Duration;

/// Writes to a caller with a deadline for each slice, so that a slow link is fine and a reader that stopped
/// is not.
///
/// Every failure becomes a [CloseConnectionException], which Helidon passes through in silence: there is
/// nobody left to
/// answer.
final class TimedWriter implements DataWriter {
    private static final int SLICE_BYTES = 64 * 1024;

    private final DataWriter socket;
    private final SocketStay stay;
    private final Duration limit;

    TimedWriter(DataWriter socket, SocketStay stay, Duration limit) {
        this.socket = socket;
        this.stay = stay;
        this.limit = limit;
    }

    @Override
    public void write(BufferData... buffers) {
        writeNow(BufferData.create(buffers));
    }

    @Override
    public void write(BufferData buffer) {
        writeNow(buffer);
    }

    @Override
    public void writeNow(BufferData... buffers) {
        writeNow(BufferData.create(buffers));
    }

    @Override
    public void writeNow(BufferData buffer) {
        while (buffer.available() > SLICE_BYTES) {
            byte[] slice = new byte[SLICE_BYTES];
            int length = buffer.read(slice);
            slice(BufferData.create(slice, 0, length));
        }
        slice(buffer);
    }

    private void slice(BufferData buffer) {
        stay.enter(limit);
        try {
            socket.writeNow(buffer);
        } catch (UncheckedIOException | SocketWriterException | InsufficientDataAvailableException e) {
            throw new CloseConnectionException("the caller is gone", e);
        } finally {
            stay.leave();
        }
    }
}
