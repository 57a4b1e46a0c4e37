package io.chela.edge;

import io.helidon.common.concurrency.limits.FixedLimit;
import io.helidon.webserver.spi.ServerConnection;
import java.util.concurrent.Semaphore;

/// A connection that knows limits only: Helidon's older semaphores are handed over as one.
interface LimitedConnection extends ServerConnection {
    @SuppressWarnings("removal") // abstract there until it goes
    @Override
    default void handle(Semaphore requests) throws InterruptedException {
        handle(FixedLimit.create(requests));
    }
}
