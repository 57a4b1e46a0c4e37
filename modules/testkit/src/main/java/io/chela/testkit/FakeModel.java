package io.chela.testkit;

import io.chela.api.ModelEvent;
import io.chela.api.Prompt;
import io.chela.api.Usage;
import io.chela.api.spi.ContextWindow;
import io.chela.api.spi.Model;
import io.chela.api.spi.ModelReply;
import io.chela.api.spi.ModelState;
import io.chela.api.spi.Models;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/// A model that says what it is told to, and remembers what it was asked.
public final class FakeModel implements Model, Models {
    private final Function<Prompt, Iterator<ModelEvent>> script;
    private final List<Prompt> prompts = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile ModelState state = new ModelState.Ready();
    private volatile boolean hangs;
    private volatile Optional<ContextWindow> window = Optional.empty();

    private FakeModel(Function<Prompt, Iterator<ModelEvent>> script) {
        this.script = script;
    }

    /// Says these pieces of text, then stops; 11 prompt tokens, one completion token a piece.
    public static FakeModel saying(String... pieces) {
        return answering(_ -> List.of(pieces));
    }

    /// Says what the function makes of the prompt.
    public static FakeModel answering(Function<Prompt, List<String>> pieces) {
        return scripted(prompt -> {
            List<ModelEvent> events = new ArrayList<>();
            List<String> texts = pieces.apply(prompt);
            texts.forEach(text -> events.add(new ModelEvent.Text(text)));
            events.add(new ModelEvent.Finish("stop"));
            events.add(new ModelEvent.Used(Usage.of(11, texts.size())));
            return events;
        });
    }

    /// Gives these events; the function may throw [io.chela.api.ProblemException].
    public static FakeModel scripted(Function<Prompt, List<ModelEvent>> script) {
        return replying(prompt -> script.apply(prompt).iterator());
    }

    /// Gives these events one by one; the iterator may throw at any of them.
    public static FakeModel replying(Function<Prompt, Iterator<ModelEvent>> script) {
        return new FakeModel(script);
    }

    /// Says the pieces and then nothing more, until its reply is closed.
    public FakeModel thenHanging() {
        hangs = true;
        return this;
    }

    public FakeModel in(ModelState newState) {
        state = newState;
        return this;
    }

    public FakeModel taking(ContextWindow most) {
        window = Optional.of(most);
        return this;
    }

    @Override
    public Optional<ContextWindow> window() {
        return window;
    }

    /// What it was asked, oldest first.
    public List<Prompt> prompts() {
        return List.copyOf(prompts);
    }

    /// Comes down when a reply is closed before it ended.
    public CountDownLatch hungUp() {
        return closed;
    }

    @Override
    public ModelState state() {
        return state;
    }

    @Override
    public ModelReply reply(Prompt prompt) {
        prompts.add(prompt);
        return hangs ? new HangingReply(prompt) : lazily(prompt);
    }

    private ModelReply lazily(Prompt prompt) {
        return new ModelReply() {
            @Override
            public Iterator<ModelEvent> iterator() {
                return script.apply(prompt);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public Model model(String id) {
        return this;
    }

    @Override
    public String destination() {
        return "a fake in this test";
    }

    private final class HangingReply implements ModelReply {
        private final Iterator<ModelEvent> said;

        HangingReply(Prompt prompt) {
            List<ModelEvent> texts = new ArrayList<>();
            script.apply(prompt).forEachRemaining(texts::add);
            texts.removeIf(event -> !(event instanceof ModelEvent.Text));
            said = texts.iterator();
        }

        @Override
        public Iterator<ModelEvent> iterator() {
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    if (said.hasNext()) {
                        return true;
                    }
                    awaitClose();
                    throw new CancellationException("closed");
                }

                @Override
                public ModelEvent next() {
                    return said.next();
                }
            };
        }

        private void awaitClose() {
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            closed.countDown();
        }
    }
}
