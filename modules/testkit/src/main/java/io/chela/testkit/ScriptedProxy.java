package io.chela.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;

/// What a [ScriptedUpstream] does when it is asked as a proxy: its requests are `CONNECT`, their path is the server.
public final class ScriptedProxy {
    private static final String[] REFUSAL = {
        "HTTP/1.1 407 Proxy Authentication Required",
        "Proxy-Authenticate: Basic realm=\"p\"",
        "Content-Length: 0",
        "",
        ""
    };

    private ScriptedProxy() {}

    /// Opens every tunnel.
    public static ScriptedUpstream tunnelling() {
        return ScriptedUpstream.answering(ScriptedProxy::tunnel);
    }

    /// Opens a tunnel for whoever knows this user and password, and asks all others for them.
    public static ScriptedUpstream tunnelling(String user, String password) {
        String basic = "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
        return ScriptedUpstream.answering(exchange -> {
            if (basic.equals(exchange.request().headers().get("proxy-authorization"))) {
                tunnel(exchange);
            } else {
                exchange.raw(String.join("\r\n", REFUSAL));
            }
        });
    }

    /// Connects to the server that was asked for, consents, and passes bytes on until one side closes.
    public static void tunnel(ScriptedUpstream.Exchange exchange) throws IOException, InterruptedException {
        String[] server = exchange.request().path().split(":(?=\\d+$)");
        try (var upstream = new Socket(server[0], Integer.parseInt(server[1]))) {
            upstream.setTcpNoDelay(true);
            exchange.out().write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(ISO_8859_1));
            exchange.out().flush();
            Thread back = Thread.ofVirtual().start(() -> copy(upstream, exchange.out()));
            pass(exchange.in(), upstream.getOutputStream());
            upstream.shutdownOutput();
            back.join();
        }
        exchange.cut();
    }

    /// Takes what comes, without a word, until the caller closes its connection.
    ///
    /// @param begun counted down at the first byte
    public static void swallow(ScriptedUpstream.Exchange exchange, CountDownLatch begun) throws IOException {
        while (exchange.in().read() >= 0) {
            begun.countDown();
        }
    }

    private static void copy(Socket upstream, OutputStream to) {
        try {
            pass(upstream.getInputStream(), to);
            to.close(); // the server closed, so its caller shall see that
        } catch (IOException _) {
            // one of the two has gone
        }
    }

    private static void pass(InputStream from, OutputStream to) throws IOException {
        byte[] buffer = new byte[8192];
        for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
            to.write(buffer, 0, read);
            to.flush();
        }
    }
}
