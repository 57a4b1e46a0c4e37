package io.chela.app;

import io.chela.app.reload.Fingerprint;
import io.helidon.config.Config;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The PEM files that a configuration names: what they hold is part of what it says.
final class NamedFiles {
    private static final List<String> OF_GATEWAY = List.of("gateway.tls.certPath", "gateway.tls.keyPath");

    /// Below a provider's entry.
    private static final List<String> OF_PROVIDER = Stream.of("request.tls.", "request.proxy.tls.")
            .flatMap(tls -> Stream.of("caPath", "certPath", "keyPath").map(tls::concat))
            .toList();

    private NamedFiles() {}

    static List<Path> ofGateway(Config root) {
        return at(root, OF_GATEWAY);
    }

    static List<Path> ofProvider(GatewayConfig.Provider provider) {
        return at(provider.config(), OF_PROVIDER);
    }

    /// What the files of each provider that has some hold now, in one word, by the provider's id.
    static Map<String, String> contents(Map<String, GatewayConfig.Provider> providers) {
        Map<String, String> contents = new LinkedHashMap<>();
        providers.forEach((id, provider) -> {
            List<Path> files = ofProvider(provider);
            if (!files.isEmpty()) {
                contents.put(id, Fingerprint.contents(files));
            }
        });
        return contents;
    }

    private static List<Path> at(Config config, List<String> keys) {
        return keys.stream()
                .flatMap(key -> config.get(key).asString().asOptional().stream())
                .flatMap(NamedFiles::path)
                .toList();
    }

    private static Stream<Path> path(String text) {
        try {
            return Stream.of(Path.of(text));
        } catch (InvalidPathException _) {
            return Stream.empty(); // which is a mistake already
        }
    }
}
