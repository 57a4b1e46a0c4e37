package io.chela.model.openai;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A proxy of the world outside, as a process of its own that wants a user and a password.
final class Tinyproxy implements AutoCloseable {
    private static final long READY_SECONDS = 30;

    private final Process process;
    private final int port;
    private final Path log;

    private Tinyproxy(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /// The program, if this machine has it.
    static Optional<Path> program() {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "tinyproxy"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Tinyproxy start(Path program, Path folder, String user, String password)
            throws IOException, InterruptedException {
        int port = freePort();
        Path log = folder.resolve("tinyproxy.log");
        Path settings = Files.writeString(folder.resolve("tinyproxy.conf"), """
                Port %d
                Listen 127.0.0.1
                Timeout 60
                MaxClients 20
                LogFile "%s"
                LogLevel Connect
                BasicAuth %s %s
                """.formatted(port, log, user, password));
        Process process = new ProcessBuilder(program.toString(), "-d", "-c", settings.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("tinyproxy.out").toFile())
                .start();
        var proxy = new Tinyproxy(process, port, log);
        proxy.awaitReady();
        return proxy;
    }

    /// It cannot be told to take any.
    private static int freePort() throws IOException {
        try (var any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    private void awaitReady() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (System.nanoTime() < deadline && process.isAlive()) {
            try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException _) {
                Thread.sleep(20);
            }
        }
        close();
        throw new IllegalStateException("tinyproxy did not start");
    }

    int port() {
        return port;
    }

    /// How many tunnels it has opened so far.
    long tunnels() throws IOException {
        try (var lines = Files.lines(log)) {
            return lines.filter(line -> line.contains("Established connection to host"))
                    .count();
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
