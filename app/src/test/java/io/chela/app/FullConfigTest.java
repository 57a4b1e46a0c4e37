package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// `config/gateway.full.yaml` against the code that reads it.
class FullConfigTest {
    private static final Path FULL = Path.of("../config/gateway.full.yaml");

    /// Nobody's key, put into every object: the mistake that names it also names the keys that are known there.
    private static final String UNKNOWN = "nobody-knows-this";

    private static final Pattern MISTAKE = Pattern.compile(
            "(\\S+): unknown key[^;\n]*; known here: (.*?)(?: \\(line \\d+, column \\d+\\))?$", Pattern.MULTILINE);

    /// Known, and shown in the file behind a #, since it excludes another or has no default.
    private static final Set<String> IN_COMMENTS = Set.of(
            "gateway.auth.token",
            "gateway.auth.password",
            "gateway.customBindHost",
            "models.starter",
            "models.providers.home.request.proxy",
            "models.providers.home.request.tls.ca",
            "models.providers.home.request.tls.caPath",
            "models.providers.home.request.tls.cert",
            "models.providers.home.request.tls.certPath",
            "models.providers.home.request.tls.key",
            "models.providers.home.request.tls.keyPath",
            "models.providers.home.request.tls.passphrase",
            "models.providers.home.request.tls.serverName",
            "agents.entries",
            "limits.bufferedBytes");

    /// Shown with another value than the default, since that is none, depends on the machine, or is another key's.
    private static final Set<String> WITHOUT_DEFAULT =
            Set.of("agents.list[0].default", "gateway.auth.trustedProxy.userHeader", "logging.format");

    private static final Pattern VALUE = Pattern.compile("\\s*(- )?[A-Za-z]+: *[^ #].*");

    @TempDir
    private Path folder = Path.of("unset");

    private static Map<String, Object> full() throws IOException {
        return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(FULL));
    }

    private RunningGateway start(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("full.yaml"), yaml);
        var options = GatewayPair.options(file, folder);
        return new Wiring(options, Map.of(), Extensions.load(Optional.empty())).start();
    }

    @Test
    void starts() throws IOException {
        try (var gateway = start(Files.readString(FULL))) {
            assertThat(gateway.defaultAgent().id().value()).isEqualTo("main");
        }
    }

    @Test
    void hasTheDefaultOfEveryKey() {
        var source = new Reading.Source(GatewayPair.options(FULL, folder), Map.of(), Extensions.load(Optional.empty()));
        Reading reading = source.read();
        Map<String, Optional<String>> fallbacks = ConfigShow.fallbacks(source, reading);
        Map<String, String> shown = new LinkedHashMap<>();
        Map<String, String> defaults = new LinkedHashMap<>();
        reading.file()
                .tree()
                .leaves()
                .forEach((path, text) -> fallbacks
                        .getOrDefault(path, Optional.empty())
                        .filter(_ -> !WITHOUT_DEFAULT.contains(path))
                        .ifPresent(fallback -> {
                            shown.put(path, text.text().toLowerCase(Locale.ROOT));
                            defaults.put(path, fallback.toLowerCase(Locale.ROOT));
                        }));
        assertThat(shown)
                .hasSizeGreaterThan(35)
                .containsKey("models.providers.home.timeoutSeconds")
                .containsExactlyInAnyOrderEntriesOf(defaults);
    }

    @Test
    void explainsEveryKey() throws IOException {
        assertThat(Files.readAllLines(FULL).stream()
                        .filter(line -> VALUE.matcher(line).matches()))
                .hasSizeGreaterThan(50)
                .allMatch(line -> line.contains("# "));
    }

    @Test
    void hasEveryKeyThatIsRead() throws IOException {
        // A provider's keys are read by its extension, once all others are in order.
        assertEveryKnownKeyIsThere("", Set.of("models.providers.home"));
        assertEveryKnownKeyIsThere("models.providers.home", Set.of());
    }

    private void assertEveryKnownKeyIsThere(String below, Set<String> without) throws IOException {
        Map<String, Object> tree = full();
        Map<String, Set<String>> there = new LinkedHashMap<>();
        mark("", tree, below, without, there);
        var refused = catchThrowableOfType(
                UsageException.class, () -> start(new Yaml().dump(tree)).close());
        assertThat(refused).isNotNull();
        List<String> missing = new ArrayList<>();
        int objects = 0;
        for (var mistake = MISTAKE.matcher(refused.text()); mistake.find(); ) {
            objects++;
            String path = mistake.group(1).replace("." + UNKNOWN, "").replace(UNKNOWN, "");
            for (String known : mistake.group(2).split(", ")) {
                String key = path.isEmpty() ? known : path + "." + known;
                if (!there.getOrDefault(shape(path), Set.of()).contains(known) && !IN_COMMENTS.contains(shape(key))) {
                    missing.add(key);
                }
            }
        }
        assertThat(objects).as(refused.text()).isPositive();
        assertThat(missing).isEmpty();
    }

    /// Puts the unknown key into every object, and notes which keys the file has there.
    private static void mark(
            String path, Object node, String below, Set<String> without, Map<String, Set<String>> there) {
        if (without.contains(path)) {
            return;
        }
        if (node instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                mark(path + "[" + i + "]", list.get(i), below, without, there);
            }
        } else if (node instanceof Map<?, ?> map) {
            @SuppressWarnings("unchecked") // it was read from YAML with text for keys
            var object = (Map<String, Object>) map;
            for (var member : object.entrySet()) {
                String at = path.isEmpty() ? member.getKey() : path + "." + member.getKey();
                there.computeIfAbsent(shape(path), _ -> new TreeSet<>()).add(member.getKey());
                mark(at, member.getValue(), below, without, there);
            }
            boolean isFree = path.equals("models.providers") || path.endsWith(".headers");
            if (path.startsWith(below) && !isFree) {
                object.put(UNKNOWN, "x");
            }
        }
    }

    /// All elements of a list are alike.
    private static String shape(String path) {
        return path.replaceAll("\\[\\d+]", "").replaceAll("\\.\\d+(?=\\.|$)", "");
    }
}
