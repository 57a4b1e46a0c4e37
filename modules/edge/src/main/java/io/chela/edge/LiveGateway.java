package io.chela.edge;

import io.chela.agent.runtime.Providers;
import io.helidon.webserver.http.ServerRequest;
import java.util.Optional;

/// The gateway as the configuration has it now, for what outlives a request. Safe for many threads.
///
/// Whoever does one thing with it, such as answer a request or a WebSocket's message, [enters][#enter] and
/// sees that one gateway to the end, whatever is read meanwhile; the models behind it stay open for as long.
public final class LiveGateway {
    private volatile Gateway now;

    public LiveGateway(Gateway first) {
        this.now = first;
    }

    /// The one in force, for a look. What asks a model enters.
    public Gateway now() {
        return now;
    }

    /// Puts another one in force: whoever enters from now on sees it.
    public void replace(Gateway next) {
        Gateway before = now;
        now = next;
        if (before.runtime().providers() != next.runtime().providers()) {
            before.runtime().providers().retire();
        }
    }

    /// Takes the gateway in force, to be closed.
    public Use enter() {
        while (true) {
            Gateway seen = now;
            Providers providers = seen.runtime().providers();
            Optional<Providers.Use> models = providers.use();
            boolean still = providers == now.runtime().providers();
            if (models.isPresent() || still) { // closed and still in force: the program ends
                return new Use(seen, models);
            }
        }
    }

    /// One use of one gateway. For one thread.
    public static final class Use implements AutoCloseable {
        private final Gateway gateway;
        private final Optional<Providers.Use> models;

        private Use(Gateway gateway, Optional<Providers.Use> models) {
            this.gateway = gateway;
            this.models = models;
        }

        /// The use that a request is. Only on its connection's thread.
        public static Use of(ServerRequest request) {
            return Line.CURRENT
                    .get()
                    .attached(Use.class)
                    .orElseThrow(() -> new IllegalStateException("not within a request: " + request.path()));
        }

        public Gateway gateway() {
            return gateway;
        }

        /// Asks no model from now on, such as an answer that goes on for hours; its models may be closed.
        @Override
        public void close() {
            models.ifPresent(Providers.Use::close);
        }
    }
}
