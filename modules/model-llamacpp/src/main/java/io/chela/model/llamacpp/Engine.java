package io.chela.model.llamacpp;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// What answers prompts in the worker. For one thread.
interface Engine {
    /// Says of one generation what there is to say: pieces, then one end. Asks between tokens whether to stop.
    void generate(ToWorker.Generate what, BooleanSupplier cancelled, Consumer<FromWorker> said);
}
