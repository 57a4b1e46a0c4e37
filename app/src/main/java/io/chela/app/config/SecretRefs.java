package io.chela.app.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Resolves OpenClaw's references to secrets, `{source, provider, id}`: of the environment and of files.
/// Those of programs and of OpenClaw's own store are mistakes that say what to write instead. Source:
/// OpenClaw, "SecretRef contract".
final class SecretRefs {
    private static final Set<String> KEYS = Set.of("source", "provider", "id");
    private static final Set<String> SOURCES = Set.of("env", "file", "exec", "store");
    private static final String DEFAULT = "default";

    private final Optional<Value.Members> section;
    private final Map<String, String> environment;
    private final Path main;
    private final Documents documents;
    private final Mistakes mistakes;

    /// @param section `secrets` of the file
    SecretRefs(Optional<Value.Members> section, Map<String, String> environment, Path main, Documents documents) {
        this.section = section;
        this.environment = environment;
        this.main = main;
        this.documents = documents;
        this.mistakes = documents.mistakes();
    }

    /// Tells whether it is one, or was meant as one: whose id is missing.
    static boolean isOne(Value.Members members) {
        return KEYS.containsAll(members.members().keySet())
                && members.text("source")
                        .filter(source ->
                                SOURCES.contains(source) || members.text("id").isPresent())
                        .isPresent();
    }

    /// The secret; an empty text after a mistake.
    Value.Text resolve(String path, Value.Members ref) {
        String source = ref.text("source").orElse("");
        try {
            String secret = switch (source) {
                case "env" -> variable(ref, id(ref, "the name of the variable"));
                case "file" -> file(ref, id(ref, "where in the file it is, such as /a/b"));
                case "exec", "store" ->
                    throw new BadFileException("a secret cannot come from source '" + source
                            + "'; put it into the environment or a .env file and write ${NAME}, or use source"
                            + " 'file'");
                default -> throw new BadFileException("source must be env or file, not '" + source + "'");
            };
            return new Value.Text(
                    ref.place(),
                    secret,
                    Optional.of("the " + source + " secret " + ref.text("id").orElse("")));
        } catch (BadFileException e) {
            mistakes.add(path, ref.place(), e.reason());
            return new Value.Text(ref.place(), "");
        }
    }

    private static String id(Value.Members ref, String what) {
        return ref.text("id")
                .filter(id -> !id.isEmpty())
                .orElseThrow(() -> new BadFileException("id is missing: " + what));
    }

    private String variable(Value.Members ref, String id) {
        Optional<Value> allowed = provider(ref, "env").flatMap(provider -> provider.value("allowlist"));
        if (allowed.isPresent() && !texts(allowed.get()).contains(id)) {
            throw new BadFileException("the variable " + id + " is not in the allowlist of its secrets provider");
        }
        String value = environment.getOrDefault(id, "");
        if (value.isEmpty()) {
            throw new BadFileException("the environment variable " + id + " is not set; set it, or write the secret");
        }
        return value;
    }

    private String file(Value.Members ref, String id) {
        Value.Members provider = provider(ref, "file")
                .orElseThrow(() -> new BadFileException(
                        "the secrets provider '" + name(ref, "file") + "' is no file provider of secrets.providers"));
        String written = provider.text("path").orElse("");
        Path file = path(written);
        if ("singleValue".equals(provider.text("mode").orElse("json"))) {
            return quoting(written, () -> documents.readText(file).stripTrailing());
        }
        Value found = quoting(written, () -> documents.readJson(file));
        for (String step : id.substring(Math.min(1, id.length())).split("/", -1)) {
            found = member(found, step.replace("~1", "/").replace("~0", "~")).orElseThrow(() -> nothing(written, id));
        }
        if (found instanceof Value.Text text && !text.text().isEmpty()) {
            return text.text();
        }
        throw nothing(written, id);
    }

    private static BadFileException nothing(String file, String id) {
        return new BadFileException("the secrets file " + file + " has no text at " + id);
    }

    private static <T> T quoting(String file, Supplier<T> read) {
        try {
            return read.get();
        } catch (BadFileException e) {
            throw new BadFileException("the secrets file " + file + " " + e.reason());
        }
    }

    private Path path(String written) {
        try {
            String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
            Path file = written.startsWith("~/") ? Path.of(home, written.substring(2)) : Path.of(written);
            return main.resolveSibling(file);
        } catch (InvalidPathException _) {
            throw new BadFileException("the path of its secrets provider is no path");
        }
    }

    private Optional<Value.Members> provider(Value.Members ref, String source) {
        return in("providers")
                .flatMap(providers -> member(providers, name(ref, source)))
                .filter(one -> one instanceof Value.Members members
                        && members.text("source").orElse("").equals(source))
                .map(Value.Members.class::cast);
    }

    private String name(Value.Members ref, String source) {
        return ref.text("provider")
                .or(() -> in("defaults")
                        .flatMap(defaults -> member(defaults, source))
                        .flatMap(name -> name instanceof Value.Text text ? Optional.of(text.text()) : Optional.empty()))
                .orElse(DEFAULT);
    }

    private Optional<Value> in(String key) {
        return section.flatMap(all -> all.value(key));
    }

    private static Optional<Value> member(Value value, String name) {
        return value instanceof Value.Members members ? members.value(name) : Optional.empty();
    }

    private static Set<String> texts(Value value) {
        Set<String> texts = new HashSet<>();
        if (value instanceof Value.Items(var _, var items)) {
            for (Value item : items) {
                if (item instanceof Value.Text text) {
                    texts.add(text.text());
                }
            }
        }
        return texts;
    }
}
