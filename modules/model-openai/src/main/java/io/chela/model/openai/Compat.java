package io.chela.model.openai;

import io.chela.api.spi.Settings;
import java.util.Optional;
import java.util.Set;

/// Where a server differs from the OpenAI API.
///
/// @param maxTokensField the only name it knows for the limit of tokens; when absent the caller's own name
///     is kept
/// @param usageInStream whether it can be asked for its usage within a stream
///     (`stream_options.include_usage`)
record Compat(Optional<String> maxTokensField, boolean usageInStream) {
    static final String MAX_TOKENS = "max_tokens";
    static final String MAX_COMPLETION_TOKENS = "max_completion_tokens";
    static final Compat NONE = new Compat(Optional.empty(), true);

    private static final Set<String> FIELDS = Set.of(MAX_TOKENS, MAX_COMPLETION_TOKENS);

    /// Reads the `compat` object of a provider or of one of its models.
    ///
    /// @param outer what holds where the object says nothing
    static Compat read(Settings settings, Compat outer) {
        Settings compat = settings.at("compat");
        return new Compat(
                compat.parsed(
                        "maxTokensField",
                        outer.maxTokensField(),
                        "must be " + MAX_TOKENS + " or " + MAX_COMPLETION_TOKENS,
                        name -> FIELDS.contains(name) ? Optional.of(Optional.of(name)) : Optional.empty()),
                compat.flag("usageInStream", outer.usageInStream()));
    }
}
