package io.chela.edge;

/// What a door does with one WebSocket. Called on the connection's own thread, one call at a time; while a
/// call lasts
/// nothing more is read from the peer, so long work belongs on a thread of its own.
public interface WsHandler {
    /// The handshake is over.
    void opened(WsChannel channel);

    /// A whole text message.
    void text(WsChannel channel, String message);

    /// The channel is over; told once.
    void closed(WsChannel channel, WsEnd end);

    /// Tells whether binary messages are taken as text of the same bytes; else they end the channel with 1003.
    default boolean takesBinaryAsText() {
        return false;
    }
}
