package io.chela.app;

import io.chela.agent.runtime.RunLimits;
import io.chela.api.Budget;
import io.chela.api.spi.HistoryLimits;
import io.chela.api.spi.ReplyLimits;
import io.chela.api.spi.Settings;
import io.chela.edge.EdgeLimits;
import java.time.Duration;
import java.util.Optional;

/// What the program itself reads of the key `limits`; doors read their own from the same object.
///
/// @param bufferedBytes what is held for callers and models together; a part of the heap when absent
record LimitsConfig(EdgeLimits edge, RunLimits runs, Optional<Integer> bufferedBytes) {
    private static final int MAX_BODY_BYTES = 1024 * 1024 * 1024;
    private static final int MIN_BUFFERED_BYTES = 1024 * 1024;
    private static final int MAX_CONNECTIONS = 1_000_000;
    private static final int MAX_TURNS = 1_000_000;
    private static final int MAX_WAITING = 10_000;
    private static final int MAX_HISTORY_MESSAGES = 1_000_000;
    private static final int MAX_RUN_SECONDS = 48 * 60 * 60;

    static LimitsConfig read(Settings limits) {
        EdgeLimits edge = EdgeLimits.DEFAULTS;
        RunLimits runs = RunLimits.DEFAULTS;
        ReplyLimits replies = runs.replies();
        HistoryLimits history = runs.history();
        return new LimitsConfig(
                edge.with(
                        limits.integer("bodyBytes", (int) edge.bodyBytes(), 1, MAX_BODY_BYTES),
                        limits.integer("connections", edge.connections(), 1, MAX_CONNECTIONS)),
                new RunLimits(
                        limits.integer("concurrentTurns", runs.concurrent(), 1, MAX_TURNS),
                        limits.integer("waitingPerSession", runs.waitingPerSession(), 0, MAX_WAITING),
                        Duration.ofSeconds(limits.integer(
                                "runSeconds", (int) runs.longest().toSeconds(), 1, MAX_RUN_SECONDS)),
                        new ReplyLimits(
                                limits.integer("upstreamEventBytes", replies.eventBytes(), 1, MAX_BODY_BYTES),
                                limits.integer("answerBytes", replies.answerBytes(), 1, MAX_BODY_BYTES)),
                        new HistoryLimits(
                                limits.integer("historyMessages", history.messages(), 1, MAX_HISTORY_MESSAGES),
                                limits.integer("historyBytes", history.bytes(), 1, MAX_BODY_BYTES))),
                limits.integer("bufferedBytes", MIN_BUFFERED_BYTES, Integer.MAX_VALUE));
    }

    /// How much is held at most, in bytes.
    long budget() {
        return bufferedBytes.map(Integer::longValue).orElseGet(Budget::quarterOfHeap);
    }
}
