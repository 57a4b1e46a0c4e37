package io.chela.model.llamacpp;

import io.chela.api.ModelEvent;
import io.chela.api.ProblemException;
import io.chela.api.spi.ModelReply;
import java.util.Iterator;

/// A reply to a prompt that cannot be asked; says so where every failure is said, at the first `hasNext`.
record RefusedReply(ProblemException why) implements ModelReply {
    @Override
    public Iterator<ModelEvent> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                throw why;
            }

            @Override
            public ModelEvent next() {
                throw why;
            }
        };
    }

    @Override
    public void close() {}
}
