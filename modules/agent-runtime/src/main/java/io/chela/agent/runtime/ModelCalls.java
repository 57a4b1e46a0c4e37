package io.chela.agent.runtime;

import io.chela.api.spi.ReplyLimits;

/// How models are asked.
///
/// @param replies how much of an answer is taken
/// @param retries how often they are asked again
record ModelCalls(ReplyLimits replies, Retries retries) {}
