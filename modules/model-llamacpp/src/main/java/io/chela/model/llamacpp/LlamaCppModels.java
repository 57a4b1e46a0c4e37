package io.chela.model.llamacpp;

import io.chela.api.spi.Model;
import io.chela.api.spi.Models;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// The models of one provider entry, each in a process of its own.
final class LlamaCppModels implements Models {
    private final List<LlamaCppModel> models;

    /// Starts to load all of them.
    LlamaCppModels(LlamaCppSettings settings, Path state, WorkerCommand command) {
        models = settings.models().stream()
                .map(gguf ->
                        new LlamaCppModel(settings, gguf, Workplace.of(state, settings.name(), gguf.id(), command)))
                .toList();
    }

    @Override
    public Model model(String id) {
        return models.stream()
                .filter(model -> model.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no model '" + id + "', only "
                        + models.stream().map(LlamaCppModel::id).collect(Collectors.joining(", "))));
    }

    @Override
    public String destination() {
        return "a process on this machine";
    }

    /// Ends the processes, all at the same time.
    @Override
    public void close() {
        models.parallelStream().forEach(LlamaCppModel::close);
    }
}
