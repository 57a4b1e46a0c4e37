package io.chela.model.openai;

import io.chela.api.Json;
import io.chela.api.Message;
import io.chela.api.ModelEvent;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.Prompt;
import io.chela.api.Role;
import io.chela.api.spi.ExtensionContext;
import io.chela.api.spi.Model;
import io.chela.api.spi.ModelReply;
import io.chela.api.spi.Settings;
import io.chela.fuzz.Faults;
import io.helidon.config.Config;
import io.helidon.config.ConfigSources;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/// Asks a server that answers with any bytes and closes: a reply with one finish, or one upstream problem
/// in our words.
public final class ReplyTarget {
    private static final Prompt PROMPT = new Prompt(List.of(Message.of(Role.USER, "hi")), Json.object());

    private ReplyTarget() {}

    /// One server and one client for all inputs; made at the first.
    private static final class One {
        private static final AtomicReference<byte[]> ANSWER = new AtomicReference<>(new byte[0]);
        private static final Model MODEL = model(serve());
    }

    public static void fuzzerTestOneInput(byte[] bytes) {
        One.ANSWER.set(bytes);
        List<ModelEvent> events = new ArrayList<>();
        try (ModelReply reply = One.MODEL.reply(PROMPT)) {
            reply.forEach(events::add);
        } catch (ProblemException e) {
            Faults.check(e.problem() instanceof Problem.Upstream, () -> "failed as " + e.problem());
            Faults.check(e.problem().message().contains("'home'"), () -> "does not name the provider: " + e.problem());
            return;
        }
        long finishes =
                events.stream().filter(ModelEvent.Finish.class::isInstance).count();
        Faults.check(finishes == 1, () -> finishes + " finishes in " + events);
    }

    private static Model model(int port) {
        var config = Config.builder(ConfigSources.create(Map.of("baseUrl", "http://127.0.0.1:" + port + "/v1")))
                .disableEnvironmentVariablesSource()
                .disableSystemPropertiesSource()
                .build();
        return new OpenAiProvider()
                .create(new ExtensionContext("home", Settings.of(config), Path.of("unused"), Path.of("unused")))
                .model("m");
    }

    private static int serve() {
        try {
            var server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
            Thread.ofPlatform().daemon().name("fuzzed-upstream").start(() -> accept(server));
            return server.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void accept(ServerSocket server) {
        while (true) {
            try (Socket socket = server.accept()) {
                socket.setTcpNoDelay(true);
                readRequest(new BufferedInputStream(socket.getInputStream()));
                socket.getOutputStream().write(One.ANSWER.get());
            } catch (IOException _) {
                // the client has gone: the next one
            }
        }
    }

    private static void readRequest(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                return;
            }
            head.append((char) Character.toLowerCase(next));
        }
        int length = head.indexOf("content-length: ") + "content-length: ".length();
        in.skipNBytes(Integer.parseInt(head.substring(length, head.indexOf("\r\n", length))));
    }
}
