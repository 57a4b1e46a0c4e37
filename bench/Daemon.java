package bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// A program under test, listening on loopback: Chela's image or nginx. What it prints goes to files in a folder.
///
/// @param readyNanos from its start until it could be connected to, or said that it was ready
record Daemon(Process process, int port, long readyNanos) implements AutoCloseable {
    Daemon {
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly)); // also when this one is told to end
    }

    static final String TOKEN = "bench-token";
    static final Path IMAGE = Path.of("jlink/target/chela");

    private static final Pattern READY = Pattern.compile("chela gateway ready on https?://127\\.0\\.0\\.1:(\\d+)");
    /// The last line of `GC.class_histogram`: instances, and the bytes of them all.
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(10);
    /// What Linux counts CPU time in: 1/100 s (USER_HZ).
    private static final long TICK_NANOS = 10_000_000;

    /// @param config a configuration file's text
    static Daemon chela(Path folder, String config) throws IOException, InterruptedException {
        return chela(folder, config, "");
    }

    /// @param javaOptions for its virtual machine, beside the launcher's
    static Daemon chela(Path folder, String config, String javaOptions) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Path file = Files.writeString(folder.resolve("chela.yaml"), config);
        var builder = builder(
                folder, IMAGE.resolve("bin/chela").toString(), "gateway", "--port", "0", "--config", file.toString(),
                "--state-dir", folder.resolve("state").toString());
        builder.environment().put("OPENCLAW_GATEWAY_TOKEN", TOKEN);
        builder.environment().put("CHELA_JAVA_OPTS", javaOptions);
        long start = System.nanoTime();
        Process process = builder.start();
        while (true) {
            Matcher ready = READY.matcher(Files.readString(folder.resolve("out"), UTF_8));
            if (ready.find()) {
                return new Daemon(process, Integer.parseInt(ready.group(1)), System.nanoTime() - start);
            }
            await(process, start, folder);
        }
    }

    static Daemon nginx(Path folder, int upstream) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        int port = freePort();
        Path file = Files.writeString(folder.resolve("nginx.conf"), nginxConfig(folder, port, upstream));
        long start = System.nanoTime();
        Process process =
                builder(folder, "nginx", "-e", folder + "/err", "-p", folder.toString(), "-c", file.toString()).start();
        while (true) {
            try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return new Daemon(process, port, System.nanoTime() - start);
            } catch (IOException notYet) {
                await(process, start, folder);
            }
        }
    }

    /// A plain proxy: connections to the model server are kept, an event stream passes as it comes, one log line a
    /// request as Chela writes it.
    private static String nginxConfig(Path folder, int port, int upstream) {
        String user = System.getProperty("user.name").equals("root") ? "user root;" : "";
        return """
                %1$s
                daemon off; worker_processes auto; pid %2$s/nginx.pid;
                events { worker_connections 1024; }
                http {
                  access_log %2$s/access.log; keepalive_requests 10000000;
                  client_body_temp_path %2$s/body; proxy_temp_path %2$s/proxy;
                  fastcgi_temp_path %2$s/f; uwsgi_temp_path %2$s/u; scgi_temp_path %2$s/s;
                  upstream model { server 127.0.0.1:%4$d; keepalive 128; keepalive_requests 10000000; }
                  server {
                    listen 127.0.0.1:%3$d;
                    location / {
                      proxy_pass http://model; proxy_http_version 1.1; proxy_set_header Connection "";
                      proxy_buffering off;
                    }
                  }
                }
                """.formatted(user, folder, port, upstream);
    }

    private static ProcessBuilder builder(Path folder, String... command) {
        return new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void await(Process process, long start, Path folder) throws IOException, InterruptedException {
        if (!process.isAlive() || System.nanoTime() - start > START.toNanos()) {
            process.destroy();
            throw new IOException("did not start; it said: " + Files.readString(folder.resolve("out"))
                    + Files.readString(folder.resolve("err")));
        }
        Thread.sleep(2);
    }

    /// CPU time so far, of the process and its children, user and system.
    long cpuNanos() throws IOException {
        long ticks = 0;
        for (long pid : pids().toArray()) {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]); // utime, stime: 14 and 15 in proc(5)
        }
        return ticks * TICK_NANOS;
    }

    /// What is in memory now, in bytes.
    long rssBytes() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            String line = lines.filter(found -> found.startsWith("VmRSS:")).findFirst().orElseThrow();
            return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
    }

    /// What its heap held at one moment, in bytes: a collection and a count within one stop of all threads, so
    /// that nothing of what was allocated since is in it.
    long liveHeapBytes() throws IOException, InterruptedException {
        Matcher total = TOTAL.matcher(jcmd("GC.class_histogram"));
        if (!total.find()) {
            throw new IOException("jcmd GC.class_histogram printed no total");
        }
        return Long.parseLong(total.group(1));
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process asking = new ProcessBuilder(jcmd.toString(), Long.toString(process.pid()), command)
                .redirectErrorStream(true)
                .start();
        String said = new String(asking.getInputStream().readAllBytes(), UTF_8);
        if (asking.waitFor() != 0) {
            throw new IOException("jcmd " + command + ": " + said);
        }
        return said;
    }

    private LongStream pids() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants()).mapToLong(ProcessHandle::pid);
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /// An own folder below the machine's temporary one, removed by [#remove].
    static Path folder() throws IOException {
        return Files.createTempDirectory("chela-bench");
    }

    static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    static byte[] request(int port, String body) {
        return ("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nAuthorization: Bearer " + TOKEN
                        + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                .getBytes(UTF_8);
    }
}
