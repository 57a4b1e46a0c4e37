package io.chela.app.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// A configuration file and all that belongs to it, read once.
///
/// @param tree without what is OpenClaw's alone; variables and secrets are put in
/// @param mistakes each with its path and its place
/// @param mistaken the paths that they are about
/// @param warnings what is ignored, in whole sentences
/// @param files every file that was read, or looked for and not found
/// @param environment the real one, and beneath it what `.env` files and `env` in the file say
public record Loaded(
        ConfigTree tree,
        List<String> mistakes,
        Set<String> mistaken,
        List<String> warnings,
        List<Path> files,
        Map<String, String> environment) {

    /// Reads a file.
    ///
    /// @param more another folder whose `.env` counts, beneath that beside the file
    /// @throws BadFileException when the file itself cannot be read at all
    public static Loaded read(Path file, Map<String, String> environment, Path more) {
        Path main = file.toAbsolutePath().normalize();
        var mistakes = new Mistakes(main);
        var documents = new Documents(mistakes);
        Value all = new Includes(documents, main, environment).expand("", documents.read(main), List.of(main));
        if (!(all instanceof Value.Members tree)) {
            throw new BadFileException("must hold keys, such as gateway: and agents:, not a list or a single value");
        }
        Set<Path> dotEnvs = new LinkedHashSet<>(List.of(main.resolveSibling(".env"), more.resolve(".env")));
        Environment variables = Environment.of(environment, dotEnvs, env(tree), mistakes);
        var openClaw = new OpenClawKeys(mistakes);
        var secrets = new SecretRefs(section(tree, "secrets"), variables.values(), main, documents);
        Value known = new Names(mistakes).sound("", openClaw.without(withoutSources(tree)));
        Value resolved = new Variables(variables, secrets, mistakes).resolve("", "", known);
        List<Path> files =
                Stream.concat(documents.files().stream(), dotEnvs.stream()).toList();
        return new Loaded(
                new ConfigTree(main, (Value.Members) resolved),
                mistakes.sentences(),
                mistakes.paths(),
                openClaw.warnings(),
                files,
                variables.values());
    }

    /// No file: the environment alone, with the folder's `.env`.
    public static Loaded without(Map<String, String> environment, Path folder) {
        Path dotEnv = folder.resolve(".env");
        var mistakes = new Mistakes(dotEnv);
        Map<String, String> variables =
                Environment.of(environment, Set.of(dotEnv), Map.of(), mistakes).values();
        return new Loaded(ConfigTree.empty(), mistakes.sentences(), Set.of(), List.of(), List.of(dotEnv), variables);
    }

    /// Variables that the file itself has.
    private static Map<String, Map<String, String>> env(Value.Members tree) {
        Map<String, Map<String, String>> all = new LinkedHashMap<>();
        section(tree, "env").ifPresent(env -> {
            all.put("env", texts(env));
            section(env, "vars").ifPresent(vars -> all.put("env.vars", texts(vars)));
        });
        return all;
    }

    private static Map<String, String> texts(Value.Members members) {
        Map<String, String> texts = new LinkedHashMap<>();
        members.members().keySet().forEach(name -> members.text(name).ifPresent(text -> texts.put(name, text)));
        return texts;
    }

    private static Optional<Value.Members> section(Value.Members tree, String name) {
        return tree.value(name)
                .flatMap(value -> value instanceof Value.Members members ? Optional.of(members) : Optional.empty());
    }

    /// The tree without what has been used by now: variables, and where secrets come from.
    private static Value.Members withoutSources(Value.Members tree) {
        Map<String, Value.Member> rest = new LinkedHashMap<>(tree.members());
        section(tree, "env")
                .ifPresent(env -> replace(
                        rest,
                        "env",
                        env.without(Stream.concat(Stream.of("vars"), texts(env).keySet().stream())
                                .toArray(String[]::new))));
        section(tree, "secrets")
                .ifPresent(secrets -> replace(rest, "secrets", secrets.without("providers", "defaults")));
        return new Value.Members(tree.place(), rest);
    }

    private static void replace(Map<String, Value.Member> all, String name, Value.Members left) {
        if (left.members().isEmpty()) {
            all.remove(name);
        } else {
            all.computeIfPresent(name, (_, member) -> new Value.Member(member.place(), left));
        }
    }

    /// The mistakes of readers, which begin with their path, with their places; without those about what is
    /// told already, in the order of the file. Whatever has a place stays as it is.
    public List<String> located(List<String> found) {
        List<String> located = new ArrayList<>();
        for (String mistake : found) {
            boolean isTold = mistaken.stream()
                    .anyMatch(
                            path -> !path.isEmpty() && mistake.startsWith(path + ": ") && !mistakes.contains(mistake));
            if (!isTold) {
                located.add(tree.located(mistake));
            }
        }
        located.sort(ConfigTree.BY_PLACE);
        return located;
    }
}
