package io.chela.app.models;

import io.chela.api.ModelRef;
import io.chela.api.Secret;
import io.chela.app.models.Finding.Source;
import io.chela.app.models.LocalServer.Answer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Looks for a model when none is configured: a model server of this machine, a file in the models folder, the
/// starter that the configuration names, else OpenAI where the environment holds a key for it.
///
/// Asks nobody off this machine, and with a starter it finds nothing that would. Can be repeated.
///
/// @param servers where to look, in the order in which they are preferred
/// @param limit how long all servers together may take
/// @param environment for `OPENAI_API_KEY` and `OPENAI_BASE_URL`
public record ModelSearch(
        List<LocalServer> servers, Duration limit, Path modelsFolder, Map<String, String> environment) {
    public ModelSearch {
        servers = List.copyOf(servers);
        environment = Map.copyOf(environment);
    }

    /// The provider of the files in the models folder.
    public static final String LOCAL = "local";

    static final String OPENAI = "openai";

    /// Small, fast, and takes every parameter that callers send.
    static final String OPENAI_MODEL = "gpt-4.1-mini";

    private static final String OPENAI_URL = "https://api.openai.com/v1";

    /// How many models a note names.
    private static final int NAMED = 3;

    /// The usual search.
    public ModelSearch(Path modelsFolder, Map<String, String> environment) {
        this(LocalServer.USUAL, LocalServer.LIMIT, modelsFolder, environment);
    }

    /// The starter that the configuration names.
    ///
    /// @param file in the models folder; not a find of its own
    public record Starter(ModelRef model, String file) {}

    /// What the configuration says.
    ///
    /// @param taken the providers that are configured, whose names are not taken again
    /// @param ownPort where this gateway is going to listen
    /// @param runsFiles whether there is an extension that runs model files
    /// @param fallback what answers when nothing is found
    public record Question(
            Optional<Starter> starter, Set<String> taken, int ownPort, boolean runsFiles, ModelRef fallback) {
        public Question {
            taken = Set.copyOf(taken);
        }
    }

    /// Looks; takes as long as the servers' limit at most.
    ///
    /// @throws IllegalArgumentException when a variable that would be used is wrong; the message names it
    public Finding find(Question question) {
        List<String> notes = new ArrayList<>();
        return server(question, notes)
                .or(() -> file(question, notes))
                .or(() -> question.starter()
                        .map(starter -> new Finding(
                                starter.model(), Optional.empty(), "named by models.starter", notes, Source.STARTER)))
                .or(() -> key(question, notes))
                .orElseGet(() -> new Finding(question.fallback(), Optional.empty(), "none found", notes, Source.NONE));
    }

    /// The provider of a reference that names one which everybody has: `ollama/…`, `local/…`, `openai/…`.
    ///
    /// @param models the ids that are referred to
    /// @throws IllegalArgumentException when a variable that would be used is wrong; the message names it
    public Optional<ProviderEntry> wellKnown(String provider, Set<String> models) {
        if (provider.equals(LOCAL)) {
            return Optional.of(ProviderEntry.files(
                    LOCAL, models.stream().sorted().map(this::gguf).toList()));
        }
        if (provider.equals(OPENAI)) {
            return key().map(key -> openAi(OPENAI, key));
        }
        return LocalServer.USUAL.stream()
                .filter(server -> server.provider().equals(provider))
                .findFirst()
                .map(server -> ProviderEntry.server(provider, "http://127.0.0.1:" + server.port() + "/v1"));
    }

    private ProviderEntry.Gguf gguf(String model) {
        return new ProviderEntry.Gguf(model, modelsFolder.resolve(model + ModelsFolder.SUFFIX), OptionalInt.empty());
    }

    /// What the usual places serve now.
    List<Answer> ask(Predicate<LocalServer> wanted) {
        return LocalServer.ask(servers.stream().filter(wanted).toList(), limit);
    }

    private Optional<Finding> server(Question question, List<String> notes) {
        List<Answer.Serves> found = new ArrayList<>();
        for (Answer answer : ask(server -> server.port() != question.ownPort())) {
            switch (answer) {
                case Answer.WantsKey(var server, var host) ->
                    notes.add("the server on " + host + ":" + server.port()
                            + " wants a key: configure it in models.providers to use it");
                case Answer.Serves serves -> serves(serves, found, notes);
            }
        }
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Answer.Serves first = found.getFirst();
        String provider = free(first.server().provider(), question.taken());
        List<ModelRef> all = found.stream()
                .flatMap(serves -> refs(free(serves.server().provider(), question.taken()), serves.models()).stream())
                .toList();
        choice(all, notes);
        return Optional.of(new Finding(
                all.getFirst(),
                Optional.of(ProviderEntry.server(provider, "http://" + first.address() + "/v1")),
                "found on " + first.address(),
                notes,
                Source.SERVER));
    }

    private static void serves(Answer.Serves serves, List<Answer.Serves> found, List<String> notes) {
        List<ModelRef> forwarded = refs(serves.server().provider(), serves.forwarded());
        if (!forwarded.isEmpty()) {
            notes.add("left out, since prompts would go on to " + OllamaCloud.HOST + ": " + named(forwarded)
                    + "; to have one answer, name it in agents.defaults.model");
        } else if (serves.models().isEmpty()) {
            notes.add("the server on " + serves.address() + " has no model to talk to");
        }
        if (!serves.models().isEmpty()) {
            found.add(serves);
        }
    }

    private static List<ModelRef> refs(String provider, List<String> models) {
        return models.stream().map(model -> new ModelRef(provider, model)).toList();
    }

    private Optional<Finding> file(Question question, List<String> notes) {
        ModelsFolder folder = ModelsFolder.read(modelsFolder);
        notes.addAll(folder.notes());
        String provider = free(LOCAL, question.taken());
        List<LocalModel> models = folder.models().stream()
                .filter(model -> question.starter()
                        .map(Starter::file)
                        .filter(model.file().getFileName().toString()::equals)
                        .isEmpty())
                .toList();
        if (models.isEmpty()) {
            return Optional.empty();
        }
        if (!question.runsFiles()) {
            notes.add("there are model files in " + modelsFolder + ", and no extension that runs them (llamacpp)");
            return Optional.empty();
        }
        choice(models.stream().map(model -> new ModelRef(provider, model.id())).toList(), notes);
        LocalModel newest = models.getFirst();
        return Optional.of(new Finding(
                new ModelRef(provider, newest.id()),
                Optional.of(ProviderEntry.file(provider, newest.id(), newest.file(), OptionalInt.empty())),
                "found in " + modelsFolder,
                notes,
                Source.FILE));
    }

    private Optional<Finding> key(Question question, List<String> notes) {
        return key().map(key -> {
            String provider = free(OPENAI, question.taken());
            return new Finding(
                    new ModelRef(provider, OPENAI_MODEL),
                    Optional.of(openAi(provider, key)),
                    "by OPENAI_API_KEY",
                    notes,
                    Source.KEY);
        });
    }

    /// What a find there depends on besides the question: as long as it is the same, the find holds.
    public List<Object> basis(Source source) {
        Optional<Secret> key = key().map(Secret::new);
        Optional<Secret> url = url().map(Secret::new); // it may have a password
        return switch (source) {
            case SERVER, STARTER -> List.of();
            case FILE -> List.of(modelsFolder);
            case KEY -> List.of(key, url);
            case NONE -> List.of(modelsFolder, key, url);
        };
    }

    private Optional<String> key() {
        return variable("OPENAI_API_KEY");
    }

    private Optional<String> url() {
        return variable("OPENAI_BASE_URL");
    }

    private ProviderEntry openAi(String id, String key) {
        String url = url().orElse(OPENAI_URL);
        if (!isUrl(url)) {
            // not the value, which may hold a password
            throw new IllegalArgumentException("OPENAI_BASE_URL: must be an http or https URL, such as " + OPENAI_URL);
        }
        return ProviderEntry.withKey(id, url, key);
    }

    private static boolean isUrl(String text) {
        try {
            URI url = URI.create(text);
            return ("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(text -> !text.isEmpty());
    }

    /// What a provider is called that is found where a configured one may have its name.
    static String free(String provider, Set<String> taken) {
        return taken.contains(provider) ? "found-" + provider : provider;
    }

    private static void choice(List<ModelRef> all, List<String> notes) {
        if (all.size() > 1) {
            notes.addFirst("also found: " + named(all.subList(1, all.size())) + "; choose with agents.defaults.model");
        }
    }

    private static String named(List<ModelRef> models) {
        int more = models.size() - NAMED;
        return models.stream().limit(NAMED).map(ModelRef::toString).collect(Collectors.joining(", "))
                + (more > 0 ? " and " + more + " more" : "");
    }
}
