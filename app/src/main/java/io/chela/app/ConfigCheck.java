package io.chela.app;

import io.chela.agent.runtime.Providers;
import io.chela.api.Agent;
import io.chela.api.Json;
import io.chela.api.ModelRef;
import io.chela.api.spi.Models;
import io.chela.app.models.Catalogue;
import io.chela.app.models.ModelSearch;
import io.chela.app.models.Starters;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// What `chela config check` found: everything that a start would, without opening a port or the state
/// folder.
///
/// @param carriesOver the keys of the file that count
/// @param mistakes each with its path and place
record ConfigCheck(String file, Set<String> carriesOver, List<String> warnings, List<String> mistakes) {
    private static final String PROVIDERS = "models.providers.";
    private static final Pattern INDEX = Pattern.compile("\\[\\d+]");
    private static final Pattern MISTAKE =
            Pattern.compile("(?:([^\\s:]+): )?(.*?)(?: \\((?:(.+), )?line (\\d{1,9}), column (\\d{1,9})\\))?");

    /// How a file that is no YAML or JSON5 says where.
    private static final Pattern SYNTAX = Pattern.compile(".* cannot be read: line (\\d{1,9}), column (\\d{1,9}): .*");

    /// Checks what a start would read.
    static ConfigCheck of(Reading.Source source) {
        Reading reading = source.read();
        List<String> mistakes = new ArrayList<>(reading.mistakes());
        List<String> warnings = new ArrayList<>(reading.file().warnings());
        models(source, reading, warnings, mistakes);
        try {
            source.extensions().store(reading.config().store());
        } catch (IllegalArgumentException e) {
            mistakes.add("session.store: " + e.getMessage());
        }
        Set<String> keys = new LinkedHashSet<>();
        reading.file().tree().leaves().keySet().stream()
                .filter(path -> counts(path, reading.config().providers().keySet()))
                .forEach(path -> keys.add(INDEX.matcher(path).replaceAll("[]")));
        return new ConfigCheck(reading.name(), keys, warnings, reading.file().located(mistakes));
    }

    /// Whether a key is no part of a provider that was left out.
    private static boolean counts(String path, Set<String> providers) {
        return !path.startsWith(PROVIDERS) || providers.stream().anyMatch(id -> path.startsWith(PROVIDERS + id + "."));
    }

    /// A file that cannot be read as a whole.
    static ConfigCheck unreadable(String file, UsageException e) {
        return new ConfigCheck(file, Set.of(), List.of(), List.of(e.text().replaceFirst("^chela: ", "")));
    }

    /// Chooses and makes the models as the start does, but fetches none, and closes what it made.
    private static void models(Reading.Source source, Reading read, List<String> warnings, List<String> mistakes) {
        Catalogue catalogue = ImageFolder.catalogue();
        var maker = new ModelMaker(source.extensions(), catalogue, ModelSearch::new, source.stateFolder());
        ModelChoice choice = maker.choose(read, Optional.empty(), mistakes);
        warnings.addAll(choice.warnings());
        Reading reading = read.with(choice.config());
        Map<String, Models> made = maker.make(
                        reading.with(reading.config().withoutStarter()), ModelMaker.Made.NONE, mistakes)
                .models();
        var providers = new Providers(made);
        try {
            Set<String> configured = reading.config().providers().keySet();
            for (Agent agent : reading.config().agents()) {
                // Nothing is said of a provider that has a mistake itself.
                agent.models()
                        .filter(model -> made.containsKey(model.provider()) || !configured.contains(model.provider()))
                        .forEach(model -> model(model, reading.config().starter(), catalogue, providers)
                                .ifPresent(reason -> mistakes.add("agents: the agent '" + agent.id()
                                        + "' wants the model '" + model + "', but " + reason)));
            }
        } finally {
            providers.retire();
        }
    }

    /// Why there is no such model.
    private static Optional<String> model(
            ModelRef model, Optional<String> starter, Catalogue catalogue, Providers providers) {
        try {
            if (model.provider().equals(Starters.PROVIDER) && starter.equals(Optional.of(model.model()))) {
                var _ = catalogue.entry(model.model());
            } else {
                var _ = providers.model(model);
            }
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(
                    model.provider().equals(Starters.PROVIDER) && starter.isPresent()
                            ? "there is no starter " + e.getMessage()
                            : String.valueOf(e.getMessage()));
        }
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(file);
        lines.add("  carries over: " + (carriesOver.isEmpty() ? "nothing" : String.join(", ", carriesOver)));
        warnings.forEach(warning -> lines.add("  warning: " + warning));
        mistakes.forEach(mistake -> lines.add("  mistake: " + mistake));
        lines.add(
                mistakes.isEmpty()
                        ? "  ok: a gateway starts with it"
                        : "  no gateway starts with it: " + mistakes.size()
                                + (mistakes.size() == 1 ? " mistake" : " mistakes"));
        return lines;
    }

    ObjectNode json() {
        ObjectNode json = Json.object().put("file", file).put("ok", mistakes.isEmpty());
        var keys = json.putArray("carriesOver");
        carriesOver.forEach(keys::add);
        var told = json.putArray("warnings");
        warnings.forEach(told::add);
        var wrong = json.putArray("mistakes");
        mistakes.forEach(mistake -> put(mistake, wrong.addObject()));
        return json;
    }

    private static void put(String mistake, ObjectNode json) {
        Matcher syntax = SYNTAX.matcher(mistake);
        Matcher parts = MISTAKE.matcher(mistake);
        if (syntax.matches()) {
            json.put("line", Integer.parseInt(syntax.group(1))).put("column", Integer.parseInt(syntax.group(2)));
        }
        if (syntax.matches() || !parts.matches()) {
            json.put("message", mistake);
            return;
        }
        if (parts.group(1) != null) {
            json.put("path", parts.group(1));
        }
        json.put("message", parts.group(2));
        if (parts.group(3) != null) {
            json.put("file", parts.group(3));
        }
        if (parts.group(4) != null) {
            json.put("line", Integer.parseInt(parts.group(4))).put("column", Integer.parseInt(parts.group(5)));
        }
    }
}
