package io.chela.app;

import io.chela.api.Json;
import io.chela.api.ModelRef;
import io.chela.api.spi.Models;
import io.chela.app.cli.Printable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// What `chela config check` found: everything that a start would, without opening a port or the state
/// folder.
///
/// @param carriesOver the keys of the file that count
/// @param mistakes each with its path and place
record ConfigCheck(String file, Set<String> carriesOver, List<String> warnings, List<String> mistakes) {
    private static final String PROVIDERS = "models.providers.";
    private static final Pattern INDEX = Pattern.compile("\\[\\d+]");
    private static final Pattern FALLBACK = Pattern.compile("agents\\..+\\.fallbacks\\[\\d+]");
    private static final Pattern MISTAKE =
            Pattern.compile("(?s)(?:([^\\s:]+): )?(.*?)(?: \\((?:(.+), )?line (\\d{1,9}), column (\\d{1,9})\\))?");

    /// How a file that is no YAML or JSON5 says where.
    private static final Pattern SYNTAX = Pattern.compile(".* cannot be read: line (\\d{1,9}), column (\\d{1,9}): .*");

    /// Checks what a start would read.
    static ConfigCheck of(Reading.Source source) {
        return of(source.read(), ModelMaker.of(source));
    }

    /// Checks a reading to its last mistake: those of the models too, of which none is started or fetched.
    static ConfigCheck of(Reading read, ModelMaker maker) {
        List<String> mistakes = new ArrayList<>(read.mistakes());
        ModelChoice choice = maker.choose(read, Optional.empty(), mistakes);
        Reading reading = read.with(choice.config());
        Map<String, Models> models =
                maker.rehearsing().make(reading, ModelMaker.Made.NONE, mistakes).models();
        try {
            mistakes.addAll(UnknownModels.of(choice.config(), models));
        } finally {
            models.values().forEach(Models::close);
        }
        List<String> warnings = new ArrayList<>(read.file().warnings());
        warnings.addAll(choice.warnings());
        new ModelFiles(choice.config(), read.config().providers().keySet(), maker.modelsFolder(read))
                .warnings(models.keySet()).stream()
                        .map(read.file().tree()::located)
                        .forEach(warnings::add);
        return new ConfigCheck(
                read.name(),
                carriesOver(reading, mistakes),
                warnings,
                read.file().located(mistakes));
    }

    /// The keys with a value, but for those with a mistake and those of what was left out.
    private static Set<String> carriesOver(Reading reading, List<String> mistakes) {
        Set<String> mistaken =
                mistakes.stream().map(mistake -> mistake.split(": ", 2)[0]).collect(Collectors.toSet());
        Set<String> models = reading.config().models().map(ModelRef::toString).collect(Collectors.toSet());
        Set<String> keys = new LinkedHashSet<>();
        reading.file().tree().leaves().forEach((path, value) -> {
            boolean isLeftOut = FALLBACK.matcher(path).matches() && !models.contains(value.text());
            if (!isLeftOut
                    && !isWithin(path, mistaken)
                    && counts(path, reading.config().providers().keySet())) {
                keys.add(INDEX.matcher(path).replaceAll("[]"));
            }
        });
        return keys;
    }

    private static boolean isWithin(String path, Set<String> keys) {
        int end = path.length();
        while (end > 0 && !keys.contains(path.substring(0, end))) {
            end = Math.max(path.lastIndexOf('.', end - 1), path.lastIndexOf('[', end - 1));
        }
        return end > 0;
    }

    /// Whether a key is no part of a provider that was left out.
    private static boolean counts(String path, Set<String> providers) {
        return !path.startsWith(PROVIDERS) || providers.stream().anyMatch(id -> path.startsWith(PROVIDERS + id + "."));
    }

    /// A file that cannot be read as a whole.
    static ConfigCheck unreadable(String file, UsageException e) {
        return new ConfigCheck(file, Set.of(), List.of(), List.of(e.text().replaceFirst("^chela: ", "")));
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
        lines.replaceAll(Printable::line);
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
