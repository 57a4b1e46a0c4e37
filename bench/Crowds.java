package bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.TrustManagerFactory;

/// Connections that are there and ask for nothing.
final class Crowds {
    private static final int MANY = 10_000;
    /// For the build: each of them is a whole answer.
    private static final int FEWER = 2000;
    private static final int HELLOS = 500;
    private static final Duration SOON = Duration.ofSeconds(1);
    /// For the build, whose machine has other work: ten times what is seen.
    private static final Duration BUSY = Duration.ofSeconds(10);
    /// The gateway closes after 15 s who has not sent a request's head.
    private static final Duration CLOSED_AFTER = Duration.ofSeconds(15);
    private static final Duration CLOSED_BEFORE = CLOSED_AFTER.multipliedBy(3);

    private static final char[] PASSWORD = "bench-load".toCharArray();

    private Crowds() {}

    /// Each of them has had an answer, and keeps its connection.
    static String idle(boolean brief) throws IOException, InterruptedException {
        try (Site site = Site.start()) {
            byte[] question = site.question("short", false);
            int many = brief ? FEWER : MANY;
            try (Crowd crowd = Crowd.of(many, () -> {
                Peer peer = Peer.to(site.port());
                Peer.Answer answer = peer.ask(question);
                Check.that(answer.status() == 200, "no 200 but " + answer);
                return peer;
            })) {
                long millis = site.nextCaller(soon(brief));
                int closed = crowd.closed();
                Check.that(closed == 0, closed + " of the idle were closed");
                return "caller " + (many + 1) + " answered after " + millis + " ms, " + site.health();
            }
        }
    }

    /// They connect and send nothing.
    static String silent(boolean brief) throws IOException, InterruptedException {
        try (Site site = Site.start()) {
            site.nextCaller(BUSY); // the first of all waits for classes
            long start = System.nanoTime();
            try (Crowd crowd = Crowd.of(MANY, () -> Peer.to(site.port()))) {
                long millis = site.nextCaller(soon(brief));
                String health = site.health();
                long end = start + CLOSED_BEFORE.toNanos();
                while (crowd.closed() < MANY) {
                    Check.that(System.nanoTime() < end, "only " + crowd.closed() + " were closed");
                    Thread.sleep(200);
                }
                long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
                Check.that(seconds >= CLOSED_AFTER.toSeconds() - 1, "closed after " + seconds + " s");
                site.nextCaller(soon(brief));
                return "next caller after " + millis + " ms, all closed after " + seconds + " s, " + health;
            }
        }
    }

    /// They begin a handshake and never go on.
    static String clientHello() throws Exception {
        Path folder = Daemon.folder();
        SSLContext client = certificate(folder);
        String tls = ", tls: { enabled: true, certPath: %1$s/cert.pem, keyPath: %1$s/key.pem }".formatted(folder);
        try (Site site = Site.start(folder, tls)) {
            secureCaller(client, site, BUSY); // the first of all waits for classes
            byte[] hello = hello(client);
            try (Crowd _ = Crowd.of(HELLOS, () -> {
                Peer peer = Peer.to(site.port());
                peer.send(hello);
                return peer;
            })) {
                // The next one's signature waits for the 500 that were asked for before: processor time, nothing held.
                long millis = secureCaller(client, site, BUSY);
                return "next TLS caller after " + millis + " ms, " + site.health();
            }
        }
    }

    private static Duration soon(boolean brief) {
        return brief ? BUSY : SOON;
    }

    private static long secureCaller(SSLContext client, Site site, Duration limit) throws IOException {
        long start = System.nanoTime();
        try (var socket = client.getSocketFactory().createSocket("127.0.0.1", site.port())) {
            socket.setSoTimeout((int) BUSY.toMillis());
            socket.getOutputStream().write(site.question("short", false));
            String head = new Wire(socket.getInputStream()).head();
            Check.that(head.startsWith("http/1.1 200 "), "the next TLS caller got: " + head);
        }
        long millis = (System.nanoTime() - start) / 1_000_000;
        Check.that(millis <= limit.toMillis(), "the next TLS caller waited " + millis + " ms");
        return millis;
    }

    private static byte[] hello(SSLContext client) throws IOException {
        SSLEngine engine = client.createSSLEngine("127.0.0.1", 0);
        engine.setUseClientMode(true);
        engine.beginHandshake();
        ByteBuffer hello = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        SSLEngineResult result = engine.wrap(ByteBuffer.allocate(0), hello);
        return Arrays.copyOf(hello.array(), result.bytesProduced());
    }

    /// Makes `cert.pem` and `key.pem` for 127.0.0.1, and a client that trusts them.
    private static SSLContext certificate(Path folder) throws IOException, InterruptedException, GeneralSecurityException {
        Path file = folder.resolve("key.p12");
        Process keytool = new ProcessBuilder(List.of(
                        System.getProperty("java.home") + "/bin/keytool", "-genkeypair", "-alias", "chela", "-keyalg", "EC",
                        "-dname", "CN=127.0.0.1", "-ext", "SAN=ip:127.0.0.1", "-storetype", "PKCS12", "-keystore",
                        file.toString(), "-storepass", new String(PASSWORD)))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool").toFile())
                .start();
        Check.that(keytool.waitFor() == 0, "no certificate: " + Files.readString(folder.resolve("keytool")));
        KeyStore keys = KeyStore.getInstance(file.toFile(), PASSWORD);
        pem(folder.resolve("cert.pem"), "CERTIFICATE", keys.getCertificate("chela").getEncoded());
        pem(folder.resolve("key.pem"), "PRIVATE KEY", keys.getKey("chela", PASSWORD).getEncoded());
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusting(keys));
        SSLContext client = SSLContext.getInstance("TLS");
        client.init(null, trust.getTrustManagers(), new SecureRandom());
        return client;
    }

    private static KeyStore trusting(KeyStore keys) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("chela", keys.getCertificate("chela"));
        return trusted;
    }

    private static void pem(Path file, String kind, byte[] content) throws IOException {
        String text = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(content);
        Files.writeString(file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
    }
}
