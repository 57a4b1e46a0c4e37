package io.chela.app;

import io.chela.agent.routing.AgentRouter;
import io.chela.api.Json;
import io.chela.api.ModelRef;
import io.chela.app.models.Catalogue;
import io.chela.app.models.Finding;
import io.chela.app.models.ModelRow;
import io.chela.app.models.ModelRows;
import io.chela.app.models.ModelSearch;
import io.chela.app.models.ModelsFolder;
import io.chela.app.models.ProviderEntry;
import io.chela.app.models.Size;
import io.helidon.config.Config;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import tools.jackson.databind.node.ObjectNode;

/// What `chela models list` shows: the models that a gateway would have, and those that it could have.
///
/// @param answering the default agent's model
record ModelsListing(Path folder, ModelRef answering, List<ModelRow> rows, List<String> notes) {
    private static final String LINE = "%s %-11s %-36s %-8s %9s  %s%s";

    /// Looks at what a start would read.
    ///
    /// @param searches how a model is looked for in a models folder, by these variables
    /// @throws UsageException with every mistake of the configuration
    static ModelsListing of(
            Reading.Source source, BiFunction<Path, Map<String, String>, ModelSearch> searches, Catalogue catalogue) {
        Reading reading = source.read();
        List<String> mistakes = new ArrayList<>(reading.mistakes());
        ModelChoice choice = new ModelMaker(source.extensions(), catalogue, searches, source.stateFolder())
                .choose(reading, Optional.empty(), mistakes);
        if (!mistakes.isEmpty()) {
            throw reading.refused(mistakes);
        }
        Map<String, String> environment = reading.file().environment();
        ModelSearch search = searches.apply(StateFolder.models(source.stateFolder(), environment), environment);
        return new ModelsListing(
                search.modelsFolder(),
                new AgentRouter(choice.config().agents()).defaultAgent().model(),
                ModelRows.of(search, catalogue, chosen(reading.config(), choice)),
                ModelsFolder.read(search.modelsFolder()).notes());
    }

    /// @param config with the fallbacks that nobody provides, which the choice leaves out
    private static ModelRows.Chosen chosen(GatewayConfig config, ModelChoice choice) {
        Optional<String> found = choice.finding().flatMap(Finding::entry).map(ProviderEntry::id);
        Map<String, ModelRows.Entry> providers = new LinkedHashMap<>();
        choice.config()
                .providers()
                .forEach((id, provider) -> providers.put(
                        id,
                        new ModelRows.Entry(
                                found.equals(Optional.of(id)) ? ModelRow.Origin.FOUND : ModelRow.Origin.CONFIGURED,
                                provider.api(),
                                provider.config())));
        List<ModelRef> asked = (config.searches() ? choice.config() : config)
                .models()
                .distinct()
                .toList();
        if (asked.contains(GatewayConfig.OFFLINE)) {
            String id = GatewayConfig.OFFLINE.provider();
            providers.putIfAbsent(id, new ModelRows.Entry(ModelRow.Origin.CONFIGURED, id, Config.empty()));
        }
        return new ModelRows.Chosen(
                providers, config.searches() ? config.providers().keySet() : Set.of(), asked);
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(LINE, " ", "FROM", "MODEL", "STATE", "SIZE", "WHERE", ""));
        for (ModelRow row : rows) {
            lines.add(String.format(
                    LINE,
                    row.isOf(answering) ? "*" : " ",
                    word(row.origin()),
                    row.name(),
                    word(row.state()),
                    row.bytes().isPresent() ? Size.of(row.bytes().getAsLong()) : "",
                    row.where(),
                    row.note().isEmpty() ? "" : " - " + row.note()));
        }
        notes.forEach(note -> lines.add("note: " + note));
        lines.add("models folder: " + folder);
        lines.add("answering: " + answering);
        return lines;
    }

    ObjectNode json() {
        var object = Json.object().put("modelsFolder", folder.toString()).put("answering", answering.toString());
        var models = object.putArray("models");
        for (ModelRow row : rows) {
            var model = models.addObject()
                    .put("from", word(row.origin()))
                    .put("name", row.name())
                    .put("answers", row.isOf(answering))
                    .put("state", word(row.state()))
                    .put("where", row.where());
            row.bytes().ifPresent(bytes -> model.put("bytes", bytes));
            if (!row.note().isEmpty()) {
                model.put("note", row.note());
            }
        }
        var said = object.putArray("notes");
        notes.forEach(said::add);
        return object;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
