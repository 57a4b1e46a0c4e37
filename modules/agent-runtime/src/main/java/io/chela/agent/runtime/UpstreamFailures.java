package io.chela.agent.runtime;

import io.chela.api.LogLine;
import io.chela.api.Problem;
import io.chela.api.TurnOutcome;
import java.lang.System.Logger.Level;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Tells the log that a provider failed, without its words: they may repeat what the caller said.
final class UpstreamFailures {
    private static final System.Logger LOG = System.getLogger(UpstreamFailures.class.getName());

    private UpstreamFailures() {}

    static void log(Run run, TurnOutcome outcome) {
        if (outcome instanceof TurnOutcome.Failed(Problem.Upstream upstream)) {
            var line = new LogLine()
                    .text("failure", "upstream")
                    .text("provider", upstream.provider())
                    .text("kind", word(upstream.kind()));
            upstream.fault().ifPresent(fault -> line.text("fault", word(fault)));
            upstream.status().ifPresent(status -> line.number("upstreamStatus", status));
            line.text("run", run.id().value())
                    .floods("upstream " + upstream.provider() + " " + words(upstream))
                    .log(LOG, Level.WARNING);
        }
    }

    /// What went wrong, in words of ours, so that a flood of one failure hides no other: `broken 200 no_json`.
    static String words(Problem.Upstream upstream) {
        return Stream.of(
                        Stream.of(word(upstream.kind())),
                        upstream.status().map(String::valueOf).stream(),
                        upstream.fault().map(UpstreamFailures::word).stream())
                .flatMap(part -> part)
                .collect(Collectors.joining(" "));
    }

    private static String word(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT);
    }
}
