package io.chela.edge;

import java.time.Duration;

/// Bounds one WebSocket.
///
/// @param messageBytes largest message of the peer, over all its fragments; a channel can change its own
/// @param outboxBytes most that waits to be written; more ends the channel with 1008
/// @param pingEvery how often the peer must prove that it is there; silence for as long after a ping ends the
///     channel
/// @param closeWithin how long the peer may take to answer a close frame
public record WsLimits(int messageBytes, long outboxBytes, Duration pingEvery, Duration closeWithin) {
    /// What an unknown peer gets.
    public static final WsLimits DEFAULTS =
            new WsLimits(64 * 1024, 8L * 1024 * 1024, Duration.ofSeconds(25), Duration.ofSeconds(2));

    /// The largest message a channel can allow: larger frames are refused before a channel sees them.
    public static final int MAX_MESSAGE_BYTES = 25 * 1024 * 1024;

    public WsLimits {
        if (messageBytes < 1 || messageBytes > MAX_MESSAGE_BYTES) {
            throw new IllegalArgumentException("a message is 1 to " + MAX_MESSAGE_BYTES + " bytes");
        }
        if (outboxBytes < 1) {
            throw new IllegalArgumentException("limits are positive");
        }
    }
}
