package io.chela.model.llamacpp;

import io.chela.api.ProblemException;
import io.chela.api.Prompt;
import io.chela.api.spi.ContextWindow;
import io.chela.api.spi.Model;
import io.chela.api.spi.ModelReply;
import io.chela.api.spi.ModelState;
import java.util.Optional;

/// One GGUF model: its turns, and the process that answers them.
final class LlamaCppModel implements Model, AutoCloseable {
    private final LlamaCppSettings settings;
    private final LlamaCppSettings.Gguf gguf;
    private final Lane lane;
    private final Supervisor supervisor;

    /// Starts to load at once.
    LlamaCppModel(LlamaCppSettings settings, LlamaCppSettings.Gguf gguf, Workplace workplace) {
        this.settings = settings;
        this.gguf = gguf;
        this.lane = new Lane(String.valueOf(gguf.file().getFileName()), settings.queue());
        this.supervisor = new Supervisor(gguf, workplace, lane);
        supervisor.start();
    }

    String id() {
        return gguf.id();
    }

    @Override
    public ModelReply reply(Prompt prompt) {
        try {
            return new LlamaCppReply(lane, Question.of(settings, gguf, prompt));
        } catch (ProblemException e) {
            return new RefusedReply(e);
        }
    }

    @Override
    public Optional<ContextWindow> window() {
        return Optional.of(new ContextWindow(gguf.contextWindow(), Optional.of(gguf.maxTokens())));
    }

    @Override
    public ModelState state() {
        return lane.state();
    }

    @Override
    public void close() {
        supervisor.close();
    }
}
