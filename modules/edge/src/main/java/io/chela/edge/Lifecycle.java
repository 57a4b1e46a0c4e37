package io.chela.edge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What the health paths and the guard know about the gateway's age and its end.
final class Lifecycle {
    private static final String DRAINING = "gateway-draining";

    private final Readiness readiness;
    private final long startedNanos = System.nanoTime();
    private volatile boolean draining;

    Lifecycle(Readiness readiness) {
        this.readiness = readiness;
    }

    void drain() {
        draining = true;
    }

    boolean draining() {
        return draining;
    }

    boolean started() {
        return readiness.started();
    }

    Duration uptime() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    List<String> failing() {
        if (!draining) {
            return readiness.failing();
        }
        var all = new ArrayList<>(readiness.failing());
        all.add(DRAINING);
        return all;
    }
}
