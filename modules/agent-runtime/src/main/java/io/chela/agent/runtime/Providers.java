package io.chela.agent.runtime;

import io.chela.api.ModelRef;
import io.chela.api.spi.Model;
import io.chela.api.spi.Models;
import java.util.LinkedHashMap;
import java.util.Map;

/// The configured providers of models, by name.
public final class Providers implements AutoCloseable {
    private final Map<String, Models> byName;

    public Providers(Map<String, Models> byName) {
        this.byName = new LinkedHashMap<>(byName);
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

    @Override
    public void close() {
        byName.values().forEach(Models::close);
    }
}
