package io.chela.api.spi;

import io.chela.api.Prompt;
import java.util.Optional;

/// One model. Safe for use by many threads at once.
public interface Model {
    /// Asks the model. Does no I/O and returns at once: the first `hasNext()` of the reply's iterator
    /// connects. A question that fails before its first word may be asked again: each call is a question of
    /// its own.
    ModelReply reply(Prompt prompt);

    /// How much it takes, where that is known: less of what was said before is sent then.
    default Optional<ContextWindow> window() {
        return Optional.empty();
    }

    /// Tells whether it can answer now. Called often: answers from memory.
    default ModelState state() {
        return new ModelState.Ready();
    }
}
