package io.chela.model.llamacpp;

import static io.chela.api.Problem.Upstream.Kind.CONTEXT_LENGTH;

import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.Prompt;
import java.time.Duration;
import java.util.Optional;

/// What one turn asks, ready to be sent, and the words for what goes wrong with it.
///
/// @param provider the configured provider's id
/// @param silence how long the model may say nothing
/// @param contextWindow prompt and answer together, in tokens
/// @param text the prompt as ChatML
record Question(String provider, Duration silence, int contextWindow, String text, Sampling sampling) {
    /// The longest prompt that is handed to the worker, in characters: counting the tokens of a longer one would take
    /// it seconds and much memory.
    static final int MAX_CHARS = 1024 * 1024;

    /// @throws ProblemException when a parameter or message is wrong, or the prompt far too long
    static Question of(LlamaCppSettings settings, LlamaCppSettings.Gguf model, Prompt prompt) {
        var question = new Question(
                settings.name(),
                settings.silence(),
                model.contextWindow(),
                ChatMl.of(prompt.messages()),
                Sampling.read(prompt.parameters(), model.maxTokens()));
        if (question.text.length() > MAX_CHARS) {
            throw new ProblemException(question.tooLong(question.text.length() + " characters"));
        }
        return question;
    }

    Problem tooLong(String size) {
        return upstream(
                CONTEXT_LENGTH,
                Optional.empty(),
                "the prompt has " + size + ", and the model's context window of " + contextWindow
                        + " tokens must hold it and the answer");
    }

    Problem upstream(Problem.Upstream.Kind kind, Optional<Problem.Upstream.Fault> fault, String message) {
        return new Problem.Upstream(kind, fault, provider, Optional.empty(), message, Optional.empty());
    }
}
