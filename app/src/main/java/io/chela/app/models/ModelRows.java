package io.chela.app.models;

import io.chela.app.models.LocalServer.Answer;
import io.chela.app.models.ModelRow.Origin;
import io.chela.app.models.ModelRow.State;
import io.helidon.config.Config;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/// Every model there is, by looking: nothing is started, and nobody off this machine is asked.
public final class ModelRows {
    private static final Set<String> LOCAL_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final int HTTP_PORT = 80;

    private final ModelSearch search;
    private final List<ModelRow> rows = new ArrayList<>();

    private ModelRows(ModelSearch search) {
        this.search = search;
    }

    /// Looks at everything.
    ///
    /// @param configured the entries of `models.providers`, by their names
    public static List<ModelRow> of(ModelSearch search, Catalogue catalogue, Map<String, Entry> configured) {
        var rows = new ModelRows(search);
        configured.forEach(rows::configured);
        rows.found();
        catalogue.entries().forEach(rows::catalogue);
        return List.copyOf(rows.rows);
    }

    /// One entry of `models.providers`.
    ///
    /// @param api the type of its extension
    public record Entry(String api, Config config) {}

    private void configured(String id, Entry entry) {
        Config listed = entry.config().get("models");
        List<Config> models = listed.isLeaf() ? List.of() : listed.asNodeList().orElse(List.of());
        if (entry.api().equals(ProviderEntry.FILES)) {
            models.forEach(model -> file(id, model));
        } else if (entry.config().get("baseUrl").exists()) {
            List<String> ids = models.isEmpty()
                    ? List.of("*")
                    : models.stream().map(ModelRows::id).toList();
            server(id, ids, entry.config().get("baseUrl").asString().orElse(""));
        } else {
            models.forEach(model -> rows.add(new ModelRow(
                    Origin.CONFIGURED,
                    id + "/" + id(model),
                    State.READY,
                    OptionalLong.empty(),
                    "the extension " + entry.api(),
                    "")));
        }
    }

    private static String id(Config model) {
        return model.get("id").asString().orElse("?");
    }

    private void file(String id, Config model) {
        Path file = search.modelsFolder().resolve(model.get("file").asString().orElse("?"));
        rows.add(
                switch (GgufFile.read(file)) {
                    case GgufFile.Sound(long bytes) -> row(id, model, State.READY, OptionalLong.of(bytes), file, "");
                    case GgufFile.Other(String what) -> row(id, model, State.ABSENT, OptionalLong.empty(), file, what);
                    case GgufFile.Unsound(String why) -> row(id, model, State.ABSENT, OptionalLong.empty(), file, why);
                });
    }

    private static ModelRow row(String id, Config model, State state, OptionalLong bytes, Path file, String note) {
        return new ModelRow(Origin.CONFIGURED, id + "/" + id(model), state, bytes, file.toString(), note);
    }

    private void server(String id, List<String> models, String baseUrl) {
        boolean here = isHere(baseUrl);
        List<Answer> answers = here ? ask(id, baseUrl) : List.of();
        for (String model : models) {
            State state = here ? State.ABSENT : State.UNASKED;
            String note = here ? "the server does not list it" : "not asked, it is off this machine";
            if (answers.stream().anyMatch(answer -> serves(answer, model))) {
                state = State.READY;
                note = "";
            } else if (here && answers.isEmpty()) {
                note = "no model server answers there";
            }
            rows.add(new ModelRow(Origin.CONFIGURED, id + "/" + model, state, OptionalLong.empty(), baseUrl, note));
        }
    }

    /// A server that wants a key is not asked again with it.
    private static boolean serves(Answer answer, String model) {
        return switch (answer) {
            case Answer.WantsKey _ -> true;
            case Answer.Serves said -> model.equals("*") || said.models().contains(model);
        };
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
            switch (answer) {
                case Answer.Serves serves ->
                    serves.models()
                            .forEach(model -> rows.add(new ModelRow(
                                    Origin.FOUND,
                                    serves.server().provider() + "/" + model,
                                    State.READY,
                                    OptionalLong.empty(),
                                    "http://" + serves.address() + "/v1",
                                    "")));
                case Answer.WantsKey(var server, var host) ->
                    rows.add(new ModelRow(
                            Origin.FOUND,
                            server.provider() + "/*",
                            State.ABSENT,
                            OptionalLong.empty(),
                            "http://" + host + ":" + server.port() + "/v1",
                            "it wants a key: configure it in models.providers"));
            }
        }
        for (LocalModel model : ModelsFolder.read(search.modelsFolder()).models()) {
            rows.add(new ModelRow(
                    Origin.FOUND,
                    ModelSearch.LOCAL + "/" + model.id(),
                    State.READY,
                    OptionalLong.of(model.bytes()),
                    model.file().toString(),
                    ""));
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
