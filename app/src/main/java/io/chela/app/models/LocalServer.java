package io.chela.app.models;

import io.chela.api.Json;
import io.chela.api.ProblemException;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// A place on this machine where a model server usually listens.
///
/// @param provider the name of its provider in model references
public record LocalServer(String provider, int port) {
    /// The ports of those that many have, in the order in which they are preferred.
    public static final List<LocalServer> USUAL = List.of(
            new LocalServer("ollama", 11_434),
            new LocalServer("llama-server", 8_080),
            new LocalServer("lmstudio", 1_234),
            new LocalServer("vllm", 8_000));

    /// How long all of them together may take to answer.
    public static final Duration LIMIT = Duration.ofMillis(300);

    /// How many models of one server are counted.
    static final int MAX_MODELS = 1_000;

    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;

    /// Models that turn texts into numbers, or sound into texts: their names say so.
    private static final Pattern NO_CHAT =
            Pattern.compile("(?i).*(embed|rerank|minilm|whisper|(^|[/_:-])(bge|gte|e5|tts|clip)([._:-]|$)).*");

    private static final Pattern WRITABLE = Pattern.compile("[^\\p{Cntrl}\\s][^\\p{Cntrl}]{0,199}");

    /// What a server said.
    public sealed interface Answer {
        LocalServer server();

        /// Where it listens, as in a URL.
        String host();

        /// It serves these models, in its order.
        ///
        /// @param models those that it runs itself
        /// @param forwarded those that it has others run; see [OllamaCloud]
        record Serves(LocalServer server, String host, List<String> models, List<String> forwarded) implements Answer {
            public Serves {
                models = List.copyOf(models);
                forwarded = List.copyOf(forwarded);
            }

            String address() {
                return host + ":" + server.port();
            }
        }

        /// It is there and wants a key.
        record WantsKey(LocalServer server, String host) implements Answer {}
    }

    /// Asks all of them at once, at 127.0.0.1 and ::1; those that are no model servers are left out.
    ///
    /// @param limit for all of it
    static List<Answer> ask(List<LocalServer> servers, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        List<Callable<Optional<Answer>>> questions = new ArrayList<>();
        for (LocalServer server : servers) {
            questions.add(() -> server.answer(deadline));
        }
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Answer> answers = new ArrayList<>();
            for (Future<Optional<Answer>> answer : threads.invokeAll(questions)) {
                answer.get().ifPresent(answers::add);
            }
            return answers;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return List.of();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /// The first address that is answered at: a port that nobody has refuses at once.
    private Optional<Answer> answer(long deadline) {
        for (byte[] address : List.of(new byte[] {127, 0, 0, 1}, ipv6Loopback())) {
            try {
                InetAddress host = InetAddress.getByAddress(address);
                LoopbackCall.Answer answer = LoopbackCall.get(host, port, "/v1/models", deadline);
                Optional<Answer> read = read(answer, host.getAddress().length == 4 ? "127.0.0.1" : "[::1]");
                if (read.isPresent()) {
                    return read;
                }
            } catch (IOException _) {
                // nobody is there, or it is no model server
            }
        }
        return Optional.empty();
    }

    private static byte[] ipv6Loopback() {
        byte[] address = new byte[16];
        address[15] = 1;
        return address;
    }

    private Optional<Answer> read(LoopbackCall.Answer answer, String host) {
        if (answer.status() == UNAUTHORIZED) {
            return Optional.of(new Answer.WantsKey(this, host));
        }
        try {
            JsonNode data = Json.readObject(answer.body()).path("data");
            if (answer.status() != OK || !data.isArray()) {
                return Optional.empty();
            }
            Map<Boolean, List<String>> ids = data.valueStream()
                    .limit(MAX_MODELS)
                    .filter(LocalServer::talks)
                    .map(model -> model.path("id").asString(""))
                    .filter(id -> WRITABLE.matcher(id).matches())
                    .collect(Collectors.partitioningBy(OllamaCloud::runs));
            return Optional.of(new Answer.Serves(
                    this, host, ids.getOrDefault(false, List.of()), ids.getOrDefault(true, List.of())));
        } catch (ProblemException _) {
            return Optional.empty();
        }
    }

    /// Not what only makes numbers, and not the agents of another gateway like this one.
    private static boolean talks(JsonNode model) {
        return !NO_CHAT.matcher(model.path("id").asString("")).matches()
                && !model.path("type").asString("").startsWith("embedding")
                && !model.path("owned_by").asString("").equals("openclaw");
    }
}
