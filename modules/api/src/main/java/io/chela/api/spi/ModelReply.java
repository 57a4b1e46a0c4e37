package io.chela.api.spi;

import io.chela.api.ModelEvent;
import java.util.Iterator;
import java.util.List;

/// A reply, pulled and closed: `try (var reply = model.reply(prompt)) { for (var event : reply) … }`.
///
/// A slow reader slows the model; leaving the block hangs up. The iterator is used once, by one thread;
/// `hasNext` may
/// block.
/// It throws [io.chela.api.ProblemException] when the model fails, and `CancellationException` once the reply
/// was
/// closed.
/// A whole reply has one [ModelEvent.Finish]; a reply that ends without one has failed and says so by throwing.
public interface ModelReply extends Iterable<ModelEvent>, AutoCloseable {
    /// Ends every phase of the reply, from any thread, at any moment: a waiting `hasNext` or `next` comes back.
    /// Idempotent.
    @Override
    void close();

    /// A reply that is there already.
    static ModelReply of(List<ModelEvent> events) {
        return new ModelReply() {
            @Override
            public Iterator<ModelEvent> iterator() {
                return events.iterator();
            }

            @Override
            public void close() {}
        };
    }
}
