package io.chela.agent.runtime;

import io.chela.api.spi.HistoryLimits;
import io.chela.api.spi.ReplyLimits;

/// How models are asked.
///
/// @param replies how much of an answer is taken
/// @param retries how often they are asked again
/// @param history how much of what was said before they are told
record ModelCalls(ReplyLimits replies, Retries retries, HistoryLimits history) {
    ModelCalls(ReplyLimits replies, Retries retries) {
        this(replies, retries, HistoryLimits.DEFAULTS);
    }
}
