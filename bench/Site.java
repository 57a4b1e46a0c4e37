package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// A gateway at its default heap, before a model server of its own. Closing ends both and removes their files.
record Site(Path folder, Upstream upstream, Daemon chela) implements AutoCloseable {
    private static final String CONFIG = """
            gateway: { http: { endpoints: { chatCompletions: { enabled: true } } }%s }
            agents:
              list:
                - { id: short, instructions: "Answer.", model: up/short }
                - { id: stream, instructions: "Answer.", model: up/stream }
                - { id: slow, instructions: "Answer.", model: up/slow }
                - { id: flood, instructions: "Answer.", model: up/flood }
            models: { providers: { up: { api: openai-completions, baseUrl: "http://127.0.0.1:%d/v1", apiKey: none } } }
            """;

    static Site start() throws IOException, InterruptedException {
        return start(Daemon.folder(), "");
    }

    /// With a heap that is in memory from the start, so that what grows is not the heap on its way to its limit.
    static Site startTouched() throws IOException, InterruptedException {
        return start(Daemon.folder(), "", "-Xms256m -XX:+AlwaysPreTouch");
    }

    /// @param more members of `gateway`
    static Site start(Path folder, String more) throws IOException, InterruptedException {
        return start(folder, more, "");
    }

    private static Site start(Path folder, String more, String javaOptions) throws IOException, InterruptedException {
        var upstream = new Upstream();
        try {
            return new Site(folder, upstream, Daemon.chela(folder, CONFIG.formatted(more, upstream.port()), javaOptions));
        } catch (IOException e) {
            upstream.close();
            throw e;
        }
    }

    int port() {
        return chela.port();
    }

    /// A question of 1 KB to one of the agents.
    byte[] question(String agent, boolean stream) {
        return question(agent, stream, "All work and no play. ".repeat(40));
    }

    byte[] question(String agent, boolean stream, String text) {
        return Daemon.request(
                port(),
                "{\"model\":\"openclaw:" + agent + "\",\"stream\":" + stream
                        + ",\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]}");
    }

    /// Comes, asks 1 KB and must be answered in time; gives the milliseconds it took.
    long nextCaller(Duration limit) throws IOException {
        long start = System.nanoTime();
        try (Peer peer = Peer.to(port())) {
            Peer.Answer answer = peer.ask(question("short", false));
            Check.that(answer.status() == 200, "the next caller got " + answer);
        }
        long millis = (System.nanoTime() - start) / 1_000_000;
        Check.that(millis <= limit.toMillis(), "the next caller waited " + millis + " ms");
        return millis;
    }

    /// The gateway lives and never ran out of memory.
    String health() throws IOException {
        Check.that(chela.process().isAlive(), "the gateway has ended: " + log());
        Check.that(!log().contains("OutOfMemoryError"), "out of memory: " + log());
        return "RSS " + chela.rssBytes() / 1_000_000 + " MB";
    }

    /// The end of what it logged.
    private String log() throws IOException {
        String log = Files.readString(folder.resolve("err"));
        return log.substring(Math.max(0, log.length() - 2000));
    }

    @Override
    public void close() throws IOException {
        chela.close();
        upstream.close();
        Daemon.remove(folder);
    }
}
