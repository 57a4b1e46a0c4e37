package io.chela.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Does what Helidon 4.5.0 leaves to a listener: pongs, the close echo, strict frames, and no exception's
/// text on the wire. Source: RFC 6455, 5.4, 5.5 and 7.4.
final class WsAdapter implements WsListener {
    private static final System.Logger LOG = System.getLogger(WsAdapter.class.getName());

    private final Line line;
    private final WsHandler handler;
    private final Outbox outbox;
    private final WsChannel channel;

    // The line's thread alone.
    private final WsFrames frames;
    private Optional<WsEnd> byPeer = Optional.empty();

    WsAdapter(Line line, WsLimits limits, WsHandler handler) {
        this.line = line;
        this.handler = handler;
        this.outbox = new Outbox(limits, line.outboxes(), line::abort);
        this.channel = new WsChannel(line, outbox, limits.messageBytes());
        this.frames = new WsFrames(line.dataReader(), channel::maxMessageBytes, outbox::heard, line.bodyTime());
    }

    @Override
    public void onOpen(WsSession session) {
        line.atEnd(this::over);
        line.attach(WsAdapter.class, this);
        outbox.start(session);
        allowNextFrame();
        guarded(() -> handler.opened(channel));
    }

    /// Waits for the peer's next message or control frame, as one frame.
    byte[] nextFrame() {
        try {
            return frames.next();
        } catch (WsFrames.Violation e) {
            throw refuse(e.code(), e.reason());
        }
    }

    @Override
    public void onMessage(WsSession session, String message, boolean last) {
        use(message);
    }

    @Override
    public void onMessage(WsSession session, BufferData message, boolean last) {
        if (!handler.takesBinaryAsText()) {
            refuse(CloseCode.UNSUPPORTED, "text only");
        }
        use(decoded(message.readBytes()));
    }

    /// Hands a message over, or drops it once we are closing.
    private void use(String message) {
        if (outbox.closing().isEmpty()) {
            guarded(() -> handler.text(channel, message));
        }
        allowNextFrame();
    }

    private String decoded(byte[] bytes) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException _) {
            throw refuse(CloseCode.NOT_CONSISTENT, "not UTF-8");
        }
    }

    private void allowNextFrame() {
        line.allow(frames.pending(), channel.maxMessageBytes(), this::tooBig, this::busy);
    }

    private void tooBig() {
        refuse(CloseCode.TOO_BIG, "message too big");
    }

    private void busy() {
        refuse(CloseCode.TRY_AGAIN_LATER, "busy with other large messages");
    }

    /// Says why and ends the connection; what the peer still sends is not looked at.
    private CloseConnectionException refuse(int code, String reason) {
        outbox.closeNow(code, reason);
        line.refused();
        throw new CloseConnectionException(reason);
    }

    private void guarded(Runnable use) {
        try {
            use.run();
        } catch (CloseConnectionException e) {
            throw e;
        } catch (RuntimeException e) {
            String id = Exchange.freshId();
            LOG.log(System.Logger.Level.ERROR, "internal error " + id + " in a WebSocket's handler", e);
            refuse(CloseCode.INTERNAL, "internal error " + id);
        }
    }

    @Override
    public void onPing(WsSession session, BufferData payload) {
        outbox.pong(payload);
        allowNextFrame();
    }

    @Override
    public void onPong(WsSession session, BufferData payload) {
        allowNextFrame();
    }

    /// Echoes the peer's close before Helidon answers it with its own 1000.
    @Override
    public void onClose(WsSession session, int code, String reason) {
        if (outbox.closing().isEmpty()) {
            byPeer = Optional.of(new WsEnd(code, reason, false));
        }
        outbox.closeNow(code, reason);
    }

    private void over() {
        WsEnd end = byPeer.or(outbox::closing).orElse(new WsEnd(CloseCode.ABNORMAL, "", false));
        outbox.ended();
        try {
            handler.closed(channel, end);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a WebSocket's handler failed when it was closed", e);
        }
    }

    /// Nothing: all that a handler throws is caught here, and the rest is the connection's end.
    @Override
    public void onError(WsSession session, @Nullable Throwable failure) {}
}
