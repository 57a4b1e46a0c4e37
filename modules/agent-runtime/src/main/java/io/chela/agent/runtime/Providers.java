package io.chela.agent.runtime;

import io.chela.api.ModelRef;
import io.chela.api.spi.Model;
import io.chela.api.spi.Models;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// The providers of models that one reading of the configuration names. Safe for many threads.
///
/// The next reading has [next ones][#next], which may have some of the same models. Models are closed when
/// neither those in force have them nor anybody uses those that had.
public final class Providers implements AutoCloseable {
    private final Map<String, Models> byName;
    private final OpenModels open;
    private final AtomicInteger uses = new AtomicInteger(1); // to be in force is the first
    private final AtomicBoolean retired = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();

    /// The first ones.
    public Providers(Map<String, Models> byName) {
        this(byName, new OpenModels());
    }

    private Providers(Map<String, Models> byName, OpenModels open) {
        this.byName = new LinkedHashMap<>(byName);
        this.open = open;
        open.take(byName.values());
    }

    /// The ones of the next reading; models that are in both stay open.
    public Providers next(Map<String, Models> others) {
        return new Providers(others, open);
    }

    /// Keeps the models open, until it is closed; closed twice it counts once.
    public final class Use implements AutoCloseable {
        private final AtomicBoolean over = new AtomicBoolean();

        private Use() {}

        @Override
        public void close() {
            if (over.compareAndSet(false, true)) {
                leave();
            }
        }
    }

    /// Keeps the models open for a while; empty when they are closed, since others are in force.
    public Optional<Use> use() {
        int before = uses.getAndUpdate(count -> count == 0 ? 0 : count + 1);
        return before == 0 ? Optional.empty() : Optional.of(new Use());
    }

    private void leave() {
        if (uses.decrementAndGet() == 0) {
            // A model's process may take a second to end, and the last user is a caller's thread.
            Thread.ofVirtual().name("models-close").start(this::close);
        }
    }

    /// Others are in force: closes the models once nobody uses them. Returns at once.
    public void retire() {
        if (retired.compareAndSet(false, true)) {
            leave();
        }
    }

    /// Finds a model.
    ///
    /// @throws IllegalArgumentException when there is no such provider or model; the message says which there
    ///     are
    public Model model(ModelRef ref) {
        Models models = byName.get(ref.provider());
        if (models == null) {
            throw new IllegalArgumentException(
                    "there is no model provider '" + ref.provider() + "', only " + String.join(", ", byName.keySet()));
        }
        return models.model(ref.model());
    }

    /// Says where a model's prompts go.
    ///
    /// @throws IllegalArgumentException when there is no such provider
    public String destination(ModelRef ref) {
        model(ref);
        Models models = byName.get(ref.provider());
        return models == null ? "" : models.destination();
    }

    /// Closes the models now, whoever uses them, but for those that others have too.
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            open.giveBack(byName.values());
        }
    }
}
