package io.chela.app;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `OPENCLAW_GATEWAY_PORT`, which beats the file.
final class EnvironmentPort {
    static final String NAME = "OPENCLAW_GATEWAY_PORT";

    private EnvironmentPort() {}

    /// @param mistakes takes one when it is no port
    static Optional<Integer> read(Map<String, String> environment, List<String> mistakes) {
        String text = environment.getOrDefault(NAME, "");
        if (text.isBlank()) {
            return Optional.empty();
        }
        try {
            int port = Integer.parseInt(text.strip());
            if (port >= 0 && port <= GatewayConfig.MAX_PORT) {
                return Optional.of(port);
            }
        } catch (NumberFormatException _) {
            // a mistake like one out of range
        }
        mistakes.add(NAME + ": must be a number from 0 to 65535, not '" + text + "'");
        return Optional.empty();
    }
}
