package io.chela.model.openai;

import io.chela.api.spi.ExtensionContext;
import io.chela.api.spi.ModelProvider;
import io.chela.api.spi.Models;

/// Provides the models of one `models.providers.<id>` entry whose `api` is `openai-completions`.
///
/// Its keys are OpenClaw's, `request.*` among them; those of OpenClaw that it does not do are refused with the way
/// out (docs/operations.md, Outbound).
public final class OpenAiProvider implements ModelProvider {
    static final String TYPE = "openai-completions";

    @Override
    public String type() {
        return TYPE;
    }

    @Override
    public Models create(ExtensionContext context) {
        return new OpenAiModels(OpenAiSettings.read(context));
    }

    @Override
    public void read(ExtensionContext context) {
        var _ = OpenAiSettings.read(context);
    }
}
