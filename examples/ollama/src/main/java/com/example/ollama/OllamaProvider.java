package com.example.ollama;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chela.api.ContentPart;
import io.chela.api.Json;
import io.chela.api.Message;
import io.chela.api.ModelEvent;
import io.chela.api.Problem.Upstream;
import io.chela.api.Problem.Upstream.Kind;
import io.chela.api.ProblemException;
import io.chela.api.Prompt;
import io.chela.api.Role;
import io.chela.api.Usage;
import io.chela.api.spi.ExtensionContext;
import io.chela.api.spi.Model;
import io.chela.api.spi.ModelProvider;
import io.chela.api.spi.ModelReply;
import io.chela.api.spi.Models;
import io.chela.api.spi.Settings;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Models of an Ollama server by its own protocol: `POST /api/chat`, answered by one JSON object a line.
///
/// Source: Ollama API reference, "Generate a chat completion".
public final class OllamaProvider implements ModelProvider {
    private static final URI DEFAULT = URI.create("http://127.0.0.1:11434");
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int MAX_ERROR_BYTES = 64 * 1024;

    /// What a caller may set, by OpenAI's name, and Ollama's name for it.
    private static final Map<String, String> OPTIONS = Map.of(
            "temperature", "temperature",
            "top_p", "top_p",
            "seed", "seed",
            "stop", "stop",
            "max_tokens", "num_predict",
            "max_completion_tokens", "num_predict");

    @Override
    public String type() {
        return "ollama";
    }

    @Override
    public Models create(ExtensionContext context) {
        Settings settings = context.settings();
        settings.text("api"); // is known: it brought us here
        URI server = settings.parsed("baseUrl", DEFAULT, "must be an http or https URL", OllamaProvider::url);
        int seconds = settings.integer("timeoutSeconds", 120, 1, 86_400);
        List<String> ids = settings.list("models").stream()
                .map(model -> model.required("id"))
                .toList();
        settings.finish();
        return new Ollama(
                context.name(),
                server,
                Duration.ofSeconds(seconds),
                context.replyLimits().eventBytes(),
                ids);
    }

    private static Optional<URI> url(String text) {
        URI url = URI.create(text.replaceFirst("/+$", ""));
        return Optional.of(url)
                .filter(it ->
                        it.getHost() != null && String.valueOf(it.getScheme()).matches("https?"));
    }

    /// The models of one server.
    ///
    /// @param name of the provider in the configuration, which errors name
    /// @param patience how long the server may take until its answer begins
    /// @param maxLine of the answer, in bytes
    /// @param ids of the models it may be asked for; all when there are none
    private record Ollama(String name, URI server, Duration patience, int maxLine, List<String> ids, HttpClient http)
            implements Models {
        Ollama(String name, URI server, Duration patience, int maxLine, List<String> ids) {
            this(
                    name,
                    server,
                    patience,
                    maxLine,
                    ids,
                    HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .connectTimeout(CONNECT)
                            .build());
        }

        @Override
        public Model model(String id) {
            if (!ids.isEmpty() && !ids.contains(id)) {
                throw new IllegalArgumentException("there is no model '" + id + "', only " + String.join(", ", ids));
            }
            return prompt -> new Reply(this, request(id, prompt));
        }

        private HttpRequest request(String id, Prompt prompt) {
            return HttpRequest.newBuilder(URI.create(server + "/api/chat"))
                    .timeout(patience)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(Json.writeBytes(question(id, prompt))))
                    .build();
        }

        @Override
        public String destination() {
            return server.toString();
        }

        @Override
        public void close() {
            http.shutdownNow();
        }

        ProblemException failure(Kind kind, Optional<Integer> status, String what) {
            return new ProblemException(new Upstream(
                    kind,
                    name,
                    status,
                    "The model provider '" + name + "' at " + server + " " + what,
                    Optional.empty()));
        }
    }

    private static ObjectNode question(String id, Prompt prompt) {
        ObjectNode question = Json.object().put("model", id).put("stream", true);
        ArrayNode messages = question.putArray("messages");
        prompt.messages().forEach(message -> messages.add(message(message)));
        if (prompt.parameters().path("tools") instanceof ArrayNode tools) {
            question.set("tools", tools);
        }
        ObjectNode options = question.putObject("options");
        OPTIONS.forEach((openAi, ollama) -> {
            if (prompt.parameters().has(openAi)) {
                options.set(ollama, prompt.parameters().get(openAi));
            }
        });
        return question;
    }

    private static ObjectNode message(Message message) {
        Role role = message.role() == Role.DEVELOPER ? Role.SYSTEM : message.role();
        ObjectNode json = Json.object().put("role", role.wire()).put("content", message.text());
        message.parts().forEach(part -> {
            if (part instanceof ContentPart.Image(var url)) {
                json.withArray("images").add(url.replaceFirst("^data:[^,]*,", "")); // Ollama wants Base64 alone
            }
        });
        message.toolCalls()
                .forEach(call -> json.withArray("tool_calls")
                        .addObject()
                        .putObject("function")
                        .put("name", call.name())
                        .set("arguments", Json.tryObject(call.arguments()).orElseGet(Json::object)));
        return json;
    }

    /// One question and its answer: asks at the first `hasNext`, reads a line at a time, hangs up when
    /// closed.
    private static final class Reply implements ModelReply, Iterator<ModelEvent> {
        private final Ollama ollama;
        private final HttpRequest request;
        private final Deque<ModelEvent> events = new ArrayDeque<>();
        private Optional<CompletableFuture<HttpResponse<InputStream>>> call = Optional.empty();
        private Optional<InputStream> body = Optional.empty();
        private int toolCalls;
        private boolean done;
        private boolean closed;

        Reply(Ollama ollama, HttpRequest request) {
            this.ollama = ollama;
            this.request = request;
        }

        @Override
        public Iterator<ModelEvent> iterator() {
            return this;
        }

        /// Ends whatever the reading thread waits for: the connection and the head of the answer, or its next
        /// byte.
        @Override
        public synchronized void close() {
            closed = true;
            call.ifPresent(asked -> {
                asked.cancel(true);
                asked.thenAccept(answer -> hangUp(answer.body())); // at once when it is there, else never
            });
        }

        private static void hangUp(InputStream body) {
            try {
                body.close();
            } catch (IOException _) {
                // It is gone already.
            }
        }

        private synchronized CompletableFuture<HttpResponse<InputStream>> ask() {
            if (closed) {
                throw new CancellationException("the reply was closed");
            }
            var asked = ollama.http().sendAsync(request, BodyHandlers.ofInputStream());
            call = Optional.of(asked);
            return asked;
        }

        private synchronized boolean isClosed() {
            return closed;
        }

        @Override
        public ModelEvent next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            return events.remove();
        }

        @Override
        public boolean hasNext() {
            try {
                while (events.isEmpty() && !done) {
                    read(line(body.isPresent() ? body.get() : open()));
                }
                return !events.isEmpty();
            } catch (CompletionException | IOException e) {
                if (isClosed()) {
                    throw new CancellationException("the reply was closed");
                }
                boolean silent = e instanceof HttpTimeoutException || e.getCause() instanceof HttpTimeoutException;
                throw silent
                        ? ollama.failure(Kind.SILENT, Optional.empty(), "said nothing for too long.")
                        : ollama.failure(Kind.BROKEN, Optional.empty(), "cannot be reached, or broke off.");
            }
        }

        private InputStream open() throws IOException {
            HttpResponse<InputStream> answer = ask().join(); // throws a CancellationException once closed
            if (answer.statusCode() != 200) {
                String text = new String(answer.body().readNBytes(MAX_ERROR_BYTES), UTF_8);
                throw refused(
                        answer.statusCode(),
                        Json.tryObject(text).map(OllamaProvider::error).orElse(""));
            }
            InputStream in = new BufferedInputStream(answer.body());
            body = Optional.of(in);
            return in;
        }

        private ProblemException refused(int status, String words) {
            Kind kind = switch (status) {
                case 401, 403 -> Kind.UNAUTHORIZED;
                case 404 -> Kind.UNKNOWN_MODEL;
                case 429 -> Kind.RATE_LIMITED;
                case 503 -> Kind.OVERLOADED;
                default -> status < 500 ? Kind.REJECTED : Kind.BROKEN;
            };
            return ollama.failure(kind, Optional.of(status), "refused (status " + status + "): " + words);
        }

        private String line(InputStream in) throws IOException {
            var line = new ByteArrayOutputStream();
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw new IOException("the answer has no end");
                }
                if (line.size() == ollama.maxLine()) {
                    throw nonsense("sent a line of more than " + ollama.maxLine() + " bytes.");
                }
                line.write(next);
            }
            return line.toString(UTF_8);
        }

        /// The server accepted, so asking again does not help: a problem with a status that says so.
        private ProblemException nonsense(String what) {
            return ollama.failure(Kind.BROKEN, Optional.of(200), what);
        }

        private void read(String line) {
            ObjectNode json = Json.tryObject(line).orElseThrow(() -> nonsense("sent a line that is no JSON object."));
            if (json.has("error")) {
                throw ollama.failure(Kind.BROKEN, Optional.of(500), "failed: " + error(json));
            }
            String text = json.at("/message/content").stringValue("");
            if (!text.isEmpty()) {
                events.add(new ModelEvent.Text(text));
            }
            json.at("/message/tool_calls").forEach(this::toolCall);
            if (json.path("done").booleanValue(false)) {
                done = true;
                String reason = json.path("done_reason").stringValue("stop");
                events.add(new ModelEvent.Finish(toolCalls > 0 ? "tool_calls" : reason));
                events.add(new ModelEvent.Used(Usage.of(
                        json.path("prompt_eval_count").longValue(0),
                        json.path("eval_count").longValue(0))));
            }
        }

        private void toolCall(JsonNode call) {
            ObjectNode delta = Json.object()
                    .put("index", toolCalls++)
                    .put("id", "call_" + UUID.randomUUID())
                    .put("type", "function");
            delta.putObject("function")
                    .put("name", call.at("/function/name").stringValue(""))
                    .put("arguments", Json.write(call.at("/function/arguments")));
            events.add(new ModelEvent.ToolCallDelta(delta));
        }
    }

    private static String error(ObjectNode json) {
        return json.path("error").stringValue("it did not say why.");
    }
}
