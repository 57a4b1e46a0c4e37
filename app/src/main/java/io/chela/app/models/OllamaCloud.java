package io.chela.app.models;

import io.chela.api.ModelRef;
import java.util.regex.Pattern;

/// Models that an Ollama of this machine lists beside its own and has ollama.com run.
///
/// Their tags say so, `gpt-oss:120b-cloud` and `glm-4.6:cloud`, until somebody copies one to another name.
public final class OllamaCloud {
    /// Where their prompts go.
    public static final String HOST = "ollama.com";

    private static final String PROVIDER = "ollama";
    private static final Pattern NAME = Pattern.compile("(?i).*:([^:]*-)?cloud");

    private OllamaCloud() {}

    /// Tells whether a model is one of them, wherever it stands.
    public static boolean runs(ModelRef model) {
        return model.provider().equals(PROVIDER) && runs(model.model());
    }

    /// The same of a name in what a server lists.
    static boolean runs(String model) {
        return NAME.matcher(model).matches();
    }
}
