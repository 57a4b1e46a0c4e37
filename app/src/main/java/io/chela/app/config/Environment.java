package io.chela.app.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// The variables that count, by their names.
///
/// @param origins where those are from that are not of the real environment: a file, or a key of the configuration
record Environment(Map<String, String> values, Map<String, String> origins) {
    /// What is set first counts: the real environment is never changed.
    ///
    /// @param dotEnvs in the order in which they count
    /// @param env variables by the key of the configuration that has them, in the same order
    static Environment of(
            Map<String, String> real, Set<Path> dotEnvs, Map<String, Map<String, String>> env, Mistakes mistakes) {
        var all = new Environment(new LinkedHashMap<>(real), new LinkedHashMap<>());
        dotEnvs.forEach(file -> all.add(DotEnv.read(file, mistakes), file.toString()));
        env.forEach((key, variables) -> all.add(variables, key));
        return all;
    }

    private void add(Map<String, String> more, String origin) {
        more.forEach((name, value) -> {
            if (values.putIfAbsent(name, value) == null) {
                origins.put(name, origin);
            }
        });
    }

    /// A variable as people name it, with the place where it was found.
    String named(String name) {
        String origin = origins.get(name);
        return origin == null ? name : name + " of " + origin;
    }
}
