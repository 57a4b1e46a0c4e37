package io.chela.edge;

import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.websocket.WsRouting;
import java.time.Duration;

/// One door: a protocol that is spoken on the gateway's port.
///
/// Its filters run inside the edge's own and may refuse by sending, or by throwing a
/// [ProblemException][io.chela.api.ProblemException].
public interface Feature {
    /// Adds paths and filters; use [Paths] so that wrong methods get their 405.
    void route(HttpRouting.Builder http);

    /// Adds WebSocket paths; see [WsDoor].
    default void upgrade(WsRouting.Builder ws) {}

    /// The configuration was read again and another gateway is in force: ends what that one does not allow.
    /// Returns soon.
    default void reread() {}

    /// Tells callers with a standing connection that the gateway takes no more work; returns soon.
    default void drain() {}

    /// Waits until everybody it told of the end has their last answer and is gone, at most so long. Called when nothing
    /// runs any more.
    ///
    /// @throws InterruptedException when the waiting thread is interrupted
    default void awaitDrained(Duration patience) throws InterruptedException {}
}
