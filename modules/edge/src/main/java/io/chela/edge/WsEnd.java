package io.chela.edge;

/// How a WebSocket ended.
///
/// @param code the peer's or ours, 1006 when there was no close frame
/// @param reason of the close frame; the peer's own words when it was the peer's
/// @param ours whether we closed it
public record WsEnd(int code, String reason, boolean ours) {}
