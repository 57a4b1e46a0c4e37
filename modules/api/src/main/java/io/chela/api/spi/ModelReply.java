package io.chela.api.spi;

import io.chela.api.ModelEvent;
import java.util.Iterator;
import java.util.List;

/// A reply, pulled and closed: `try (var reply = model.reply(prompt)) { for (var event : reply) … }`.
///
/// A slow reader slows the model; leaving the block hangs up. The iterator is asked for once and used by one
/// thread, a virtual one of the run's own, so `hasNext` and `next` may block. There need be no limit to how
/// long: the run has one (`limits.runSeconds`), and closes the reply when it is over.
///
/// What comes, in this order: any number of [Text][ModelEvent.Text],
/// [ToolCallDelta][ModelEvent.ToolCallDelta] and [Extra][ModelEvent.Extra], exactly one
/// [Finish][ModelEvent.Finish], and [Used][ModelEvent.Used] when the counts are known. Events must not wait
/// to be joined: each is passed on as it comes. A reply that ends without `Finish` counts as finished by
/// `stop`, so one whose server broke off must throw.
///
/// What is thrown, by `hasNext` or `next`: [ProblemException][io.chela.api.ProblemException] with a
/// [Problem.Upstream][io.chela.api.Problem.Upstream] when the model fails, also when its answer ends without
/// a word why; `CancellationException` once the reply was closed. Anything else is a fault: the caller sees
/// its id, the log the rest.
public interface ModelReply extends Iterable<ModelEvent>, AutoCloseable {
    /// Ends every phase of the reply (before it began, connecting, waiting, reading), from any thread, at any
    /// moment: a waiting `hasNext` or `next` comes back at once. Also called after the last event.
    /// Idempotent; throws nothing.
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
