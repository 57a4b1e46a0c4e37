package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `chela gateway` as a process of its own, on the modules of this test.
final class GatewayProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern READY = Pattern.compile("ready on http://127\\.0\\.0\\.1:(\\d+)");

    private final Process process;
    private final Path out;
    private final Path err;

    private GatewayProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    static GatewayProcess start(Path folder, String config, String... options) throws IOException {
        Path file = Files.writeString(folder.resolve("chela-test.yaml"), config);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "--enable-native-access=org.xerial.sqlitejdbc",
                "-p",
                System.getProperty("jdk.module.path"),
                "-m",
                "io.chela.app/io.chela.app.Main",
                "gateway",
                "--config",
                file.toString(),
                "--port",
                "0",
                "--state-dir",
                folder.resolve("state").toString()));
        command.addAll(List.of(options));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        var builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().remove("OPENCLAW_GATEWAY_TOKEN");
        return new GatewayProcess(builder.start(), out, err);
    }

    /// The port, once it is ready.
    int port() throws Exception {
        long until = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < until && process.isAlive()) {
            Matcher ready = READY.matcher(out());
            if (ready.find()) {
                return Integer.parseInt(ready.group(1));
            }
            Thread.sleep(20);
        }
        throw new AssertionError("the gateway did not start: " + out() + err());
    }

    String out() throws IOException {
        return Files.readString(out);
    }

    String err() throws IOException {
        return Files.readString(err);
    }

    /// Tells it to stop, and gives its exit status.
    int stop() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
