package io.chela.edge;

import io.helidon.websocket.WsListener;
import java.util.function.Supplier;

/// Makes the endpoint that a [Feature] registers: `ws.endpoint("/", WsDoor.with(WsLimits.DEFAULTS,
/// Conversation::new))`.
public final class WsDoor {
    private WsDoor() {}

    /// Adapts one handler to one connection.
    ///
    /// @param handlers asked once for each connection, on its thread and after all filters: [Line#CURRENT] is
    ///     bound
    public static Supplier<WsListener> with(WsLimits limits, Supplier<? extends WsHandler> handlers) {
        return () -> new WsAdapter(Line.CURRENT.get(), limits, handlers.get());
    }
}
