package io.chela.app;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What a running gateway cannot change: a new reading with that part of the old one, and the keys that wait.
///
/// @param waiting keys whose new value only a restart brings, each with that value; for comparing, never
///     shown
record Restart(Reading reading, Map<String, Object> waiting) {
    /// Keeps what cannot change.
    ///
    /// @param now in force
    static Restart keeping(Reading now, Reading next) {
        Map<String, Object> waiting = new TreeMap<>();
        GatewayConfig old = now.config();
        GatewayConfig read = next.config();
        note(waiting, "gateway.port", old.port(), read.port());
        note(waiting, "gateway.bind", old.bind(), read.bind());
        if (now.auth().mode() != next.auth().mode()) {
            waiting.put(AuthConfig.MODE, next.auth().mode());
            Map<String, Object> inForce = now.auth().withMode();
            next.auth().withMode().forEach((key, value) -> note(waiting, key, inForce.getOrDefault(key, ""), value));
        }
        note(
                waiting,
                "gateway.tls.enabled",
                old.web().tls().isPresent(),
                read.web().tls().isPresent());
        note(waiting, "session.store", old.store(), read.store());
        return new Restart(next.with(read.keeping(old), next.auth().keeping(now.auth())), waiting);
    }

    /// Tells whether what differs has no effect before a restart: a key that waits, what is below it, or an
    /// object that is there for it; and all that goes with a mode that waits.
    ///
    /// @param difference of both readings; see [Reading#differences]
    boolean waits(String difference) {
        Set<String> keys = new HashSet<>(waiting.keySet());
        if (keys.contains(AuthConfig.MODE)) {
            keys.addAll(reading.auth().withMode().keySet());
            OwnSecrets.VARIABLES.forEach(name -> keys.add(Reading.variable(name)));
        }
        return keys.stream().anyMatch(key -> isWithin(difference, key) || isWithin(key, difference));
    }

    private static boolean isWithin(String path, String key) {
        return path.equals(key) || path.startsWith(key + ".") || path.startsWith(key + "[");
    }

    private static void note(Map<String, Object> waiting, String key, Object old, Object read) {
        if (!old.equals(read)) {
            waiting.put(key, read);
        }
    }
}
