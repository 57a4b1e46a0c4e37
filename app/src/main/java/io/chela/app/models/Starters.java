package io.chela.app.models;

import io.chela.api.Prompt;
import io.chela.api.spi.Model;
import io.chela.api.spi.ModelReply;
import io.chela.api.spi.ModelState;
import io.chela.api.spi.Models;
import java.util.Optional;
import java.util.function.Supplier;

/// The small model that a newcomer gets: fetched beside a gateway that is open already, and the offline model
/// when
/// that fails.
///
/// Until it is there its state says what is going on, so that `/readyz` and callers can be told.
public final class Starters implements Models {
    /// The provider's name in model references, such as `starter/smollm2`.
    public static final String PROVIDER = "starter";

    /// What came of fetching: the models to use, and a sentence when they are not the ones asked for.
    public record Fetched(Models models, String modelId, Optional<String> warning) {}

    private final String name;
    private final Thread fetching;
    private volatile ModelState waiting;
    private volatile Optional<Fetched> fetched = Optional.empty();
    private volatile boolean closed;

    /// Starts to fetch at once.
    public Starters(String name, Supplier<Fetched> fetch) {
        this.name = name;
        this.waiting = new ModelState.Loading("fetching the starter model " + name + ", once");
        this.fetching = Thread.ofPlatform().daemon().name("starter").start(() -> accept(fetch));
    }

    private void accept(Supplier<Fetched> fetch) {
        try {
            Fetched result = fetch.get();
            fetched = Optional.of(result);
            if (closed) {
                result.models().close();
            }
        } catch (RuntimeException e) {
            waiting = new ModelState.Failed("the starter model " + name + " cannot be used: " + e.getMessage());
        }
    }

    /// Why the model is not the one asked for; empty when it is, or is not known yet.
    public Optional<String> warning() {
        return fetched.flatMap(Fetched::warning);
    }

    @Override
    public Model model(String id) {
        if (!id.equals(name)) {
            throw new IllegalArgumentException("there is no model '" + id + "', only " + name);
        }
        return new Model() {
            @Override
            public ModelReply reply(Prompt prompt) {
                return delegate().orElseThrow().reply(prompt);
            }

            @Override
            public ModelState state() {
                return delegate().map(Model::state).orElse(waiting);
            }
        };
    }

    private Optional<Model> delegate() {
        return fetched.map(result -> result.models().model(result.modelId()));
    }

    @Override
    public String destination() {
        return fetched.map(result -> result.models().destination()).orElse("a process on this machine");
    }

    @Override
    public void close() {
        closed = true;
        fetching.interrupt(); // a download in another process is waited for, and ends with this
        fetched.ifPresent(result -> result.models().close());
    }
}
