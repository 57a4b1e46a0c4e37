package io.chela.api.spi;

import java.util.Optional;

/// How much a model takes.
///
/// @param tokens of prompt and answer together
/// @param answerTokens how many of them an answer has at most when the caller names no limit
public record ContextWindow(int tokens, Optional<Integer> answerTokens) {}
