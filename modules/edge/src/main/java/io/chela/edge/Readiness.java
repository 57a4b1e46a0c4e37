package io.chela.edge;

import java.util.List;

/// Says what is not ready yet, for the health paths; asked on every probe, so it answers at once.
@FunctionalInterface
public interface Readiness {
    /// Names what is not ready, such as `model home/qwen3: loading x.gguf`; empty when all is.
    List<String> failing();

    /// Tells whether starting is over; from then on `/startupz` is 200 even when something fails later.
    default boolean started() {
        return true;
    }
}
