package io.chela.edge;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What the health paths and the guard know about the gateway's age and its end.
final class Lifecycle {
    private static final String DRAINING = "gateway-draining";

    private final LiveGateway live;
    private final long startedNanos = System.nanoTime();
    private volatile boolean draining;

    Lifecycle(LiveGateway live) {
        this.live = live;
    }

    void drain() {
        draining = true;
    }

    boolean draining() {
        return draining;
    }

    boolean started() {
        return readiness().started();
    }

    private Readiness readiness() {
        return live.now().readiness();
    }

    Duration uptime() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    List<String> failing() {
        if (!draining) {
            return readiness().failing();
        }
        var all = new ArrayList<>(readiness().failing());
        all.add(DRAINING);
        return all;
    }
}
