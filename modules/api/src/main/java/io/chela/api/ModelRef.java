package io.chela.api;

import java.util.Optional;

/// Names a model of a configured provider, written `provider/model`; split at the first `/`, so a model id
/// may hold
/// more.
public record ModelRef(String provider, String model) {
    public ModelRef {
        if (provider.isBlank() || provider.contains("/") || model.isBlank()) {
            throw new IllegalArgumentException("a model is written provider/model");
        }
    }

    public static Optional<ModelRef> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 1 || slash == text.length() - 1 || text.substring(slash + 1).isBlank()) {
            return Optional.empty();
        }
        return Optional.of(new ModelRef(text.substring(0, slash), text.substring(slash + 1)));
    }

    @Override
    public String toString() {
        return provider + "/" + model;
    }
}
