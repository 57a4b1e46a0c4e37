package io.chela.app.models;

import io.chela.api.ModelRef;
import io.chela.app.models.LocalServer.Answer;
import io.chela.app.models.ModelRow.Origin;
import io.chela.app.models.ModelRow.State;
import io.helidon.config.Config;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/// Every model there is, by looking: nothing is started, and nobody off this machine is asked.
public final class ModelRows {
    private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final int HTTP_PORT = 80;

    private final ModelSearch search;
    private final Chosen chosen;
    private final List<ModelRow> rows = new ArrayList<>();

    private ModelRows(ModelSearch search, Chosen chosen) {
        this.search = search;
        this.chosen = chosen;
    }

    /// Looks at everything.
    public static List<ModelRow> of(ModelSearch search, Catalogue catalogue, Chosen chosen) {
        var rows = new ModelRows(search, chosen);
        chosen.providers().forEach(rows::provider);
        rows.found();
        catalogue.entries().forEach(rows::catalogue);
        chosen.asked().forEach(rows::ifMissing);
        return rows.rows.stream().sorted(Comparator.comparing(ModelRow::origin)).toList();
    }

    /// What a gateway would choose.
    ///
    /// @param providers by their names
    /// @param taken names that a provider which is found does not get
    /// @param asked the models that agents ask, each of which has a row
    public record Chosen(Map<String, Entry> providers, Set<String> taken, List<ModelRef> asked) {}

    /// An entry of `models.providers`, or what would stand there.
    ///
    /// @param api the type of its extension
    public record Entry(Origin origin, String api, Config config) {}

    /// @param note see [ModelRow]
    private record Look(State state, String note) {
        static final Look READY = new Look(State.READY, "");
    }

    private void provider(String id, Entry entry) {
        Config listed = entry.config().get("models");
        List<Config> models = listed.isLeaf() ? List.of() : listed.asNodeList().orElse(List.of());
        List<String> ids = models.isEmpty()
                ? asked(id)
                : models.stream().map(ModelRows::id).toList();
        String baseUrl = entry.config().get("baseUrl").asString().orElse("");
        if (entry.api().equals(ProviderEntry.FILES)) {
            models.forEach(model -> file(entry.origin(), id + "/" + id(model), model));
        } else if (!baseUrl.isEmpty()) {
            server(entry.origin(), id, ids, baseUrl);
        } else {
            ids.forEach(model -> add(entry.origin(), id + "/" + model, Look.READY, "the extension " + entry.api()));
        }
    }

    /// What agents ask of a provider that lists nothing, since it takes every name.
    private List<String> asked(String provider) {
        List<String> models = chosen.asked().stream()
                .filter(model -> model.provider().equals(provider))
                .map(ModelRef::model)
                .toList();
        return models.isEmpty() ? List.of("*") : models;
    }

    private static String id(Config model) {
        return model.get("id").asString().orElse("?");
    }

    private void add(Origin origin, String name, Look look, String where) {
        rows.add(new ModelRow(origin, name, look.state(), OptionalLong.empty(), where, look.note()));
    }

    private void file(Origin origin, String name, Config model) {
        Path file = search.modelsFolder().resolve(model.get("file").asString().orElse("?"));
        switch (GgufFile.read(file)) {
            case GgufFile.Sound(long bytes) ->
                rows.add(new ModelRow(origin, name, State.READY, OptionalLong.of(bytes), file.toString(), ""));
            case GgufFile.Other(String what) -> add(origin, name, new Look(State.ABSENT, what), file.toString());
            case GgufFile.Unsound(String why) -> add(origin, name, new Look(State.ABSENT, why), file.toString());
        }
    }

    private void server(Origin origin, String id, List<String> models, String baseUrl) {
        boolean here = isHere(baseUrl);
        List<Answer> answers = here ? ask(id, baseUrl) : List.of();
        for (String model : models) {
            Look look = here ? look(answers, model) : new Look(State.UNASKED, "not asked, it is off this machine");
            add(origin, id + "/" + model, look, baseUrl);
        }
    }

    /// A server that wants a key is not asked again with it.
    private static Look look(List<Answer> answers, String model) {
        if (answers.isEmpty()) {
            return new Look(State.ABSENT, "no model server answers there");
        }
        if (!(answers.getFirst() instanceof Answer.Serves serves)
                || model.equals("*")
                || serves.models().contains(model)) {
            return Look.READY;
        }
        return serves.forwarded().contains(model) ? forwarded() : new Look(State.ABSENT, "the server does not list it");
    }

    private static Look forwarded() {
        return new Look(State.UNASKED, "prompts go on to " + OllamaCloud.HOST);
    }

    private List<Answer> ask(String id, String baseUrl) {
        int port = URI.create(baseUrl).getPort();
        return LocalServer.ask(List.of(new LocalServer(id, port < 0 ? HTTP_PORT : port)), search.limit());
    }

    private static boolean isHere(String baseUrl) {
        try {
            URI url = URI.create(baseUrl);
            return "http".equals(url.getScheme()) && url.getHost() != null && LOCAL_NAMES.contains(url.getHost());
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private void found() {
        for (Answer answer : search.ask(_ -> true)) {
            String provider = ModelSearch.free(answer.server().provider(), chosen.taken()) + "/";
            String url = "http://" + answer.host() + ":" + answer.server().port() + "/v1";
            switch (answer) {
                case Answer.Serves serves -> {
                    serves.models().forEach(model -> found(provider + model, Look.READY, url));
                    serves.forwarded().forEach(model -> found(provider + model, forwarded(), url));
                }
                case Answer.WantsKey _ ->
                    found(
                            provider + "*",
                            new Look(State.ABSENT, "it wants a key: configure it in models.providers"),
                            url);
            }
        }
        String provider = ModelSearch.free(ModelSearch.LOCAL, chosen.taken()) + "/";
        for (LocalModel model : ModelsFolder.read(search.modelsFolder()).models()) {
            if (isNew(provider + model.id())) {
                rows.add(new ModelRow(
                        Origin.FOUND,
                        provider + model.id(),
                        State.READY,
                        OptionalLong.of(model.bytes()),
                        model.file().toString(),
                        ""));
            }
        }
    }

    private void found(String name, Look look, String where) {
        if (isNew(name)) {
            add(Origin.FOUND, name, look, where);
        }
    }

    private boolean isNew(String name) {
        return rows.stream().noneMatch(row -> row.name().equals(name));
    }

    private void ifMissing(ModelRef model) {
        if (rows.stream().noneMatch(row -> row.isOf(model))) {
            boolean lists = chosen.providers().containsKey(model.provider());
            add(
                    Origin.CONFIGURED,
                    model.toString(),
                    new Look(State.ABSENT, lists ? "it is not listed there" : "no provider '" + model.provider() + "'"),
                    lists ? "models.providers." + model.provider() + ".models" : "models.providers");
        }
    }

    private void catalogue(CatalogueEntry entry) {
        boolean here = entry.file().seemsToBeIn(search.modelsFolder());
        rows.add(new ModelRow(
                Origin.CATALOGUE,
                entry.name(),
                here ? State.READY : State.ABSENT,
                entry.file().bytes(),
                here
                        ? search.modelsFolder().resolve(entry.file().file()).toString()
                        : "chela models pull " + entry.name(),
                entry.about() + " (" + entry.license() + ")"));
    }
}
