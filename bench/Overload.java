package bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// `bench/load`: each scenario before a gateway of its own; one line each, `ok` or `FAIL`, a name and what was seen.
final class Overload {
    /// No scenario takes longer but by hanging.
    private static final Duration MOST = Duration.ofMinutes(8);

    /// One kind of load. Gives figures for a person to read, and throws when a promise is broken.
    @FunctionalInterface
    interface Scenario {
        String run(boolean brief) throws Exception;
    }

    private static final Map<String, Scenario> ALL = scenarios();

    private Overload() {}

    private static Map<String, Scenario> scenarios() {
        Map<String, Scenario> all = new LinkedHashMap<>();
        all.put("idle", Crowds::idle);
        all.put("streams", Streams::complete);
        all.put("stalled", Streams::stalled);
        all.put("bodies", Bodies::whole);
        all.put("half-bodies", Bodies::half);
        all.put("silent", Crowds::silent);
        all.put("client-hello", _ -> Crowds.clientHello());
        all.put("endless-extension", Bodies::endlessExtension);
        all.put("refused-chunks", Bodies::refusedChunks);
        all.put("mixed", Mixed::run);
        return all;
    }

    public static void main(String[] args) {
        List<String> names = new ArrayList<>(List.of(args));
        boolean brief = names.remove("--short");
        if (!ALL.keySet().containsAll(names)) {
            System.err.println("usage: bench/load [--short] [scenario...], of " + String.join(" ", ALL.keySet()));
            System.exit(2);
        }
        boolean held = true;
        for (var scenario : ALL.entrySet()) {
            if (names.isEmpty() || names.contains(scenario.getKey())) {
                held &= run(scenario.getKey(), scenario.getValue(), brief);
            }
        }
        System.exit(held ? 0 : 1);
    }

    private static boolean run(String name, Scenario scenario, boolean brief) {
        long start = System.nanoTime();
        var thread = Executors.newSingleThreadExecutor();
        String line;
        boolean held = false;
        try {
            line = thread.submit(() -> scenario.run(brief)).get(MOST.toSeconds(), TimeUnit.SECONDS);
            held = true;
        } catch (Exception e) {
            line = e.getCause() == null ? e.toString() : e.getCause().toString();
        } finally {
            thread.shutdownNow();
        }
        System.out.printf("%-4s %-18s%5.1f s  %s%n", held ? "ok" : "FAIL", name, (System.nanoTime() - start) / 1e9, line);
        return held;
    }
}
