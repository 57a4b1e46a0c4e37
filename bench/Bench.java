package bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/// `bench/run`: Chela and nginx in turns (A B A B), and the ratios of what was measured. See README.md.
///
/// @param warmUp how long Chela runs unmeasured before the first kind, and half of it before the next: the JIT compiler
///     shares the processors with all others here, and what it has not compiled yet costs several times as much
/// @param round how long one measured round of one program is
/// @param rounds how many rounds each program has; their median counts
record Bench(Duration warmUp, Duration round, int rounds) {
    /// nginx has nothing to compile, but connections to open.
    private static final Duration NGINX_WARM_UP = Duration.ofSeconds(1);

    /// Brings the request's body to 1 KB.
    private static final String QUESTION = "All work and no play. ".repeat(40);

    private static final String CONFIG = """
            gateway: { http: { endpoints: { chatCompletions: { enabled: true } } } }
            agents:
              list:
                - { id: short, instructions: "Answer.", model: up/short }
                - { id: stream, instructions: "Answer.", model: up/stream }
            models: { providers: { up: { api: openai-completions, baseUrl: "http://127.0.0.1:%d/v1", apiKey: none } } }
            """;

    /// One kind of question.
    ///
    /// @param chelaStreams whether Chela is asked for a stream; nginx always is, since Chela always asks so upstream
    private record Kind(String title, String model, boolean chelaStreams, int connections, String text, int texts) {}

    private static final List<Kind> KINDS = List.of(
            new Kind("1 KB requests", "short", false, 16, Upstream.SHORT_TEXT, 1),
            new Kind("50-chunk streams", "stream", true, 32, "\"content\":\"twenty", Upstream.STREAM_CHUNKS));

    /// One round: what the callers saw, and what it cost the program.
    private record Round(Result result, double cpuMicros) {}

    private static final Map<String, ToDoubleFunction<Round>> MEASURES = measures();

    private static Map<String, ToDoubleFunction<Round>> measures() {
        Map<String, ToDoubleFunction<Round>> measures = new TreeMap<>();
        measures.put("1 answers per second", round -> round.result().perSecond());
        measures.put("2 p50 to first byte, ms", round -> Result.percentile(round.result().first(), 50));
        measures.put("3 p99 to first byte, ms", round -> Result.percentile(round.result().first(), 99));
        measures.put("4 p50 to the end, ms", round -> Result.percentile(round.result().whole(), 50));
        measures.put("5 p99 to the end, ms", round -> Result.percentile(round.result().whole(), 99));
        measures.put("6 CPU per answer, us", Round::cpuMicros);
        return measures;
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        List<String> arguments = List.of(args);
        if (arguments.isEmpty()) {
            new Bench(Duration.ofSeconds(24), Duration.ofSeconds(3), 3).run();
        } else if (arguments.equals(List.of("--short"))) {
            new Bench(Duration.ofSeconds(5), Duration.ofSeconds(1), 2).run();
        } else {
            System.err.println("usage: bench/run [--short]");
            System.exit(2);
        }
    }

    private void run() throws IOException, InterruptedException {
        Path folder = Daemon.folder();
        try (var upstream = new Upstream();
                var chela = Daemon.chela(folder.resolve("chela"), CONFIG.formatted(upstream.port()));
                var nginx = Daemon.nginx(folder.resolve("nginx"), upstream.port())) {
            System.out.printf(
                    "%d processors; callers and model server share them; %d rounds of %d s each, in turns, after a"
                            + " warm-up of %d s%n",
                    Runtime.getRuntime().availableProcessors(), rounds, round.toSeconds(), warmUp.toSeconds());
            for (Kind kind : KINDS) {
                compare(kind, chela, nginx, kind == KINDS.getFirst() ? warmUp : warmUp.dividedBy(2));
            }
        } finally {
            Daemon.remove(folder);
        }
    }

    private void compare(Kind kind, Daemon chela, Daemon nginx, Duration chelaWarmUp)
            throws IOException, InterruptedException {
        Load toChela = load(kind, chela, "openclaw:" + kind.model(), kind.chelaStreams());
        Load toNginx = load(kind, nginx, kind.model(), true);
        toChela.run(chelaWarmUp);
        toNginx.run(NGINX_WARM_UP);
        List<Round> ofChela = new ArrayList<>();
        List<Round> ofNginx = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            ofChela.add(measure(toChela, chela));
            ofNginx.add(measure(toNginx, nginx));
        }
        print(kind, ofChela, ofNginx);
    }

    private static Load load(Kind kind, Daemon daemon, String model, boolean stream) {
        String body = "{\"model\":\"" + model + "\",\"stream\":" + stream
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + QUESTION + "\"}]}";
        return new Load(daemon.port(), Daemon.request(daemon.port(), body), kind.connections(), kind.text(), kind.texts());
    }

    private Round measure(Load load, Daemon daemon) throws IOException, InterruptedException {
        long before = daemon.cpuNanos();
        Result result = load.run(round);
        return new Round(result, (daemon.cpuNanos() - before) / 1e3 / result.count());
    }

    private static void print(Kind kind, List<Round> chela, List<Round> nginx) {
        System.out.printf("%n%-28s%10s%10s%14s%n", kind.title() + " x " + kind.connections(), "chela", "nginx", "chela/nginx");
        MEASURES.forEach((name, measure) -> {
            double ofChela = median(chela, measure);
            double ofNginx = median(nginx, measure);
            System.out.printf("  %-26s%10.2f%10.2f%14.2f%n", name.substring(2), ofChela, ofNginx, ofChela / ofNginx);
        });
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> measure) {
        double[] sorted = rounds.stream().mapToDouble(measure).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
