package io.chela.agent.runtime;

import io.chela.api.LogLine;
import io.chela.api.Problem;
import io.chela.api.TurnOutcome;
import java.lang.System.Logger.Level;
import java.util.Locale;

/// Tells the log that a provider failed, without its words: they may repeat what the caller said.
final class UpstreamFailures {
    private static final System.Logger LOG = System.getLogger(UpstreamFailures.class.getName());

    private UpstreamFailures() {}

    static void log(Run run, TurnOutcome outcome) {
        if (outcome instanceof TurnOutcome.Failed(Problem.Upstream upstream)) {
            var line = new LogLine()
                    .text("failure", "upstream")
                    .text("provider", upstream.provider())
                    .text("kind", upstream.kind().name().toLowerCase(Locale.ROOT));
            upstream.status().ifPresent(status -> line.number("upstreamStatus", status));
            line.text("run", run.id().value())
                    .floods("upstream " + upstream.provider())
                    .log(LOG, Level.WARNING);
        }
    }
}
