package io.chela.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.websocket.WsListener;
import io.helidon.websocket.WsSession;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// Does what Helidon 4.5.0 leaves to a listener: pongs, the close echo, a limit over fragments, characters at
/// fragment
/// edges, and no exception's text on the wire. Source: RFC 6455, 5.4, 5.5 and 7.4.
final class WsAdapter implements WsListener {
    private static final System.Logger LOG = System.getLogger(WsAdapter.class.getName());

    private static final int PROTOCOL_ERROR = 1002;
    private static final int UNSUPPORTED = 1003;
    private static final int ABNORMAL = 1006;
    private static final int NOT_CONSISTENT = 1007;
    private static final int TOO_BIG = 1009;
    private static final int INTERNAL = 1011;
    private static final int TRY_AGAIN = 1013;
    private static final String REPLACEMENT = "\uFFFD";

    private final Line line;
    private final WsHandler handler;
    private final Outbox outbox;
    private final WsChannel channel;

    // The connection's thread alone.
    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream binary = new ByteArrayOutputStream();
    private long messageBytes;
    private boolean midway;
    private OptionalInt peerCode = OptionalInt.empty();

    WsAdapter(Line line, WsLimits limits, WsHandler handler) {
        this.line = line;
        this.handler = handler;
        this.outbox = new Outbox(limits, line.outboxes(), line::abort);
        this.channel = new WsChannel(line, outbox, limits.messageBytes());
    }

    @Override
    public void onOpen(WsSession session) {
        line.atEnd(this::over);
        outbox.start(session);
        allowNextFrame();
        guarded(() -> handler.opened(channel));
    }

    @Override
    public void onMessage(WsSession session, String part, boolean last) {
        frame(Utf8.length(part), () -> {
            if ((midway && part.startsWith(REPLACEMENT)) || (!last && part.endsWith(REPLACEMENT))) {
                refuse(NOT_CONSISTENT, "a fragment ends inside a character"); // Helidon decoded each by itself
            }
            midway = !last;
            text.append(part);
            if (last) {
                String whole = text.toString();
                text.setLength(0);
                guarded(() -> handler.text(channel, whole));
            }
        });
    }

    @Override
    public void onMessage(WsSession session, BufferData part, boolean last) {
        if (!handler.takesBinaryAsText()) {
            refuse(UNSUPPORTED, "text only");
        }
        frame(part.available(), () -> {
            binary.writeBytes(part.readBytes());
            if (last) {
                String whole = decoded(binary.toByteArray());
                binary.reset();
                guarded(() -> handler.text(channel, whole));
            }
        });
    }

    private String decoded(byte[] bytes) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException _) {
            throw refuse(NOT_CONSISTENT, "not UTF-8");
        }
    }

    /// Counts a data frame, and drops it once we are closing.
    private void frame(long bytes, Runnable use) {
        outbox.heard();
        if (outbox.closeCode().isEmpty()) {
            messageBytes += bytes;
            if (messageBytes > channel.maxMessageBytes()) {
                tooBig();
            }
            use.run();
        }
        allowNextFrame();
    }

    private void allowNextFrame() {
        if (!midway && binary.size() == 0) {
            messageBytes = 0;
        }
        line.allow(messageBytes, channel.maxMessageBytes(), this::tooBig, this::busy);
    }

    private void tooBig() {
        refuse(TOO_BIG, "message too big");
    }

    private void busy() {
        refuse(TRY_AGAIN, "busy with other large messages");
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
            refuse(INTERNAL, "internal error " + id);
        }
    }

    @Override
    public void onPing(WsSession session, BufferData payload) {
        outbox.heard();
        outbox.pong(payload);
        allowNextFrame();
    }

    @Override
    public void onPong(WsSession session, BufferData payload) {
        outbox.heard();
        allowNextFrame();
    }

    /// Echoes the peer's close before Helidon answers it with its own 1000.
    @Override
    public void onClose(WsSession session, int code, String reason) {
        peerCode = OptionalInt.of(code);
        if (isSendable(code)) {
            outbox.closeNow(code, reason);
        } else {
            outbox.closeNow(PROTOCOL_ERROR, "");
        }
    }

    private static boolean isSendable(int code) {
        return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code < 5000);
    }

    private void over() {
        int code = peerCode.orElse(outbox.closeCode().orElse(ABNORMAL));
        outbox.ended();
        try {
            handler.closed(channel, code);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.ERROR, "a WebSocket's handler failed when it was closed", e);
        }
    }

    /// Nothing: all that a handler throws is caught here, and the rest is the connection's end.
    @Override
    public void onError(WsSession session, @Nullable Throwable failure) {}
}
