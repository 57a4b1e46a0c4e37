package io.chela.image;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// The models folder that outlives a test run, so that the starter is fetched once per machine.
final class Models {
    private Models() {}

    /// This machine's environment, which says where packages come from, without what configures a gateway.
    static Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.keySet().removeIf(name -> name.startsWith("CHELA_") || name.startsWith("OPENCLAW_"));
        environment.put(
                "CHELA_MODELS_DIR",
                Path.of(System.getProperty("user.home"), ".cache", "chela", "models")
                        .toString());
        return environment;
    }
}
