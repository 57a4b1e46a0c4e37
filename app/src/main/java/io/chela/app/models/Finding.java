package io.chela.app.models;

import io.chela.api.ModelRef;
import java.util.List;
import java.util.Optional;

/// What answers when no model is configured.
///
/// @param entry the provider that the model needs; empty when it is always there, or the caller makes it
/// @param how a phrase for people: `found on 127.0.0.1:11434`
/// @param notes sentences: what else was found and how to choose it, what was found and cannot be used
/// @param source where it was found
public record Finding(ModelRef model, Optional<ProviderEntry> entry, String how, List<String> notes, Source source) {
    /// The places where a model is looked for.
    public enum Source {
        SERVER,
        FILE,
        STARTER,
        KEY,
        NONE
    }

    public Finding {
        notes = List.copyOf(notes);
    }
}
