package io.chela.model.llamacpp;

import io.chela.api.spi.ExtensionContext;
import io.chela.api.spi.ModelProvider;
import io.chela.api.spi.Models;
import java.nio.file.Path;

/// Provides the models of one `models.providers.<id>` entry whose `api` is `llamacpp`.
public final class LlamaCppProvider implements ModelProvider {
    @Override
    public String type() {
        return "llamacpp";
    }

    /// Starts to load every listed model at once, beside the caller.
    @Override
    public Models create(ExtensionContext context) {
        Path state = context.stateFolder().toAbsolutePath();
        return new LlamaCppModels(LlamaCppSettings.read(context), state, WorkerCommand.ofThisModule(state));
    }

    @Override
    public void read(ExtensionContext context) {
        var _ = LlamaCppSettings.read(context);
    }
}
