package io.chela.app;

import io.chela.api.Json;
import io.chela.app.config.ConfigTree;
import io.chela.app.config.Value;
import io.chela.app.models.ModelSearch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/// What `chela config show` prints: each key that counts, its value and where that comes from; secrets are
/// masked.
record ConfigShow(List<Row> rows) {
    private static final Pattern OF_AN_AGENT =
            Pattern.compile("agents\\.(list\\[\\d+]|entries\\.[^.]+)\\.model(\\.primary)?");

    /// One key.
    ///
    /// @param value `***` for a secret
    /// @param from the file with its line, a variable, an option, or `default`
    record Row(String key, String value, String from) {}

    static ConfigShow of(Reading.Source source) {
        Reading reading = source.read();
        Masking masking = Masking.nothing();
        ConfigSecrets.hide(reading.settings().values(), reading.file().environment(), masking);
        Map<String, Row> rows = new TreeMap<>();
        fallbacks(source, reading)
                .forEach((path, fallback) -> fallback.filter(text -> !text.isEmpty())
                        .ifPresent(text -> rows.put(
                                path,
                                new Row(path, ConfigSecrets.shown(path, text, masking), byDefault(reading, path)))));
        ConfigTree tree = reading.file().tree();
        tree.leaves().forEach((path, text) -> {
            rows.remove(path.replaceAll("(\\[\\d+])+$", ""));
            rows.put(path, new Row(path, ConfigSecrets.shown(path, text.text(), masking), from(reading, text)));
        });
        fromElsewhere(source, reading).forEach(row -> rows.put(row.key(), row));
        return new ConfigShow(List.copyOf(rows.values()));
    }

    /// What holds where the file is silent, by its path; empty for a key without a default.
    ///
    /// @throws UsageException when the file has a mistake
    static Map<String, Optional<String>> fallbacks(Reading.Source source, Reading reading) {
        List<String> mistakes = new ArrayList<>(reading.mistakes());
        var maker =
                new ModelMaker(source.extensions(), ImageFolder.catalogue(), ModelSearch::new, source.stateFolder());
        Map<String, Optional<String>> fallbacks =
                new LinkedHashMap<>(reading.settings().fallbacks());
        fallbacks.putAll(maker.fallbacks(reading, mistakes));
        if (!mistakes.isEmpty()) {
            throw reading.refused(mistakes);
        }
        return fallbacks;
    }

    /// Where a value is from that no file gives to its key: an agent's model may be that of all agents.
    private static String byDefault(Reading reading, String path) {
        return Stream.of("agents.defaults.model", "agents.defaults.model.primary")
                .filter(_ -> OF_AN_AGENT.matcher(path).matches())
                .flatMap(key -> Stream.ofNullable(reading.file().tree().leaves().get(key))
                        .map(text -> key + ", " + from(reading, text)))
                .findFirst()
                .orElse("default");
    }

    private static String from(Reading reading, Value.Text text) {
        return reading.name() + ", " + reading.file().tree().named(text.place())
                + text.from().map(source -> ", " + source).orElse("");
    }

    /// What the command line and the documented variables say.
    private static List<Row> fromElsewhere(Reading.Source source, Reading reading) {
        List<Row> rows = new ArrayList<>();
        Map<String, String> environment = reading.file().environment();
        if (!environment.getOrDefault(EnvironmentPort.NAME, "").isBlank()) {
            rows.add(new Row("gateway.port", String.valueOf(reading.config().port()), EnvironmentPort.NAME));
        }
        source.options().port().ifPresent(port -> rows.add(new Row("gateway.port", String.valueOf(port), "--port")));
        source.options().bind().ifPresent(bind -> rows.add(new Row("gateway.bind", bind, "--bind")));
        rows.add(new Row("gateway.auth.mode", reading.auth().mode().word(), mode(reading)));
        secret(source, reading).ifPresent(rows::add);
        return rows;
    }

    private static String mode(Reading reading) {
        Value.Text written = reading.file().tree().leaves().get("gateway.auth.mode");
        return written == null ? "default" : from(reading, written);
    }

    /// The gateway's own secret, when it is not in the file.
    private static Optional<Row> secret(Reading.Source source, Reading reading) {
        boolean isPassword = reading.auth().mode() == AuthMode.PASSWORD;
        String key = isPassword ? "gateway.auth.password" : "gateway.auth.token";
        String variable = isPassword ? OwnSecrets.PASSWORD_VARIABLE : OwnSecrets.TOKEN_VARIABLE;
        boolean hasOne = reading.auth().mode() == AuthMode.TOKEN || isPassword;
        if (!hasOne || reading.file().tree().leaves().containsKey(key)) {
            return Optional.empty();
        }
        return Optional.of(
                reading.auth().own().isPresent()
                        ? new Row(key, "***", variable)
                        : new Row(key, "***", source.stateFolder().resolve("token") + ", made at the first start"));
    }

    List<String> lines() {
        return rows.stream()
                .map(row -> row.key() + " = " + row.value() + "  # " + row.from())
                .toList();
    }

    ObjectNode json() {
        ObjectNode json = Json.object();
        var keys = json.putArray("keys");
        rows.forEach(row ->
                keys.addObject().put("key", row.key()).put("value", row.value()).put("from", row.from()));
        return json;
    }
}
