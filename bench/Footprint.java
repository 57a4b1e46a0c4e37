package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;

/// `bench/footprint`: sizes, start and memory of the image with its offline model, beside what is aimed at.
final class Footprint {
    private static final int STARTS = 5;
    private static final int REQUESTS = 10_000;
    private static final int CONNECTIONS = 8;
    /// How long a gateway is left alone before its idle memory is read.
    private static final Duration IDLE = Duration.ofSeconds(2);

    private static final String CONFIG = """
            gateway: { http: { endpoints: { chatCompletions: { enabled: true } } } }
            agents: { list: [ { id: main, instructions: "Answer." } ] }
            """;
    private static final String QUESTION =
            "{\"model\":\"openclaw\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private Footprint() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        line("runtime with application, MB", megabytes(size(Daemon.IMAGE) - size(cache())), "<= 105");
        line("AOT cache, MB", megabytes(size(cache())), "<= 45");
        line("tar.gz, MB", megabytes(size(archive())), "<= 60");
        Path folder = Daemon.folder();
        try {
            starts(folder);
            memory(folder.resolve("memory"));
        } finally {
            Daemon.remove(folder);
        }
    }

    private static void starts(Path folder) throws IOException, InterruptedException {
        double[] cpu = new double[STARTS];
        double[] wall = new double[STARTS];
        for (int i = 0; i < STARTS; i++) {
            try (var chela = Daemon.chela(folder.resolve("start-" + i), CONFIG)) {
                load(chela, 1).run(1);
                cpu[i] = chela.cpuNanos() / 1e9;
                wall[i] = chela.readyNanos() / 1e9;
            }
        }
        line("CPU to the first 200, s (median of " + STARTS + ")", median(cpu), "<= 1.00");
        line("wall to ready, s (median of " + STARTS + ")", median(wall), "");
    }

    private static void memory(Path folder) throws IOException, InterruptedException {
        try (var chela = Daemon.chela(folder, CONFIG)) {
            Thread.sleep(IDLE);
            line("RSS idle, MB", megabytes(chela.rssBytes()), "<= 150");
            load(chela, CONNECTIONS).run(REQUESTS);
            line("RSS after " + REQUESTS + " requests, MB", megabytes(chela.rssBytes()), "<= 150");
        }
    }

    private static Load load(Daemon chela, int connections) {
        return new Load(chela.port(), Daemon.request(chela.port(), QUESTION), connections, "You said", 1);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static Path cache() {
        return Daemon.IMAGE.resolve("lib/chela.aot");
    }

    private static Path archive() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("jlink/target"))) {
            return files.filter(file -> file.toString().endsWith(".tar.gz")).findFirst().orElseThrow();
        }
    }

    /// The bytes of a file, or of all files below a folder.
    private static long size(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            long size = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                size += Files.size(file);
            }
            return size;
        }
    }

    private static double megabytes(long bytes) {
        return bytes / 1e6;
    }

    private static void line(String name, double value, String aim) {
        System.out.printf("%-42s%9.2f   %s%n", name, value, aim);
    }
}
