package io.chela.app;

import java.util.Map;
import java.util.TreeMap;

/// What a running gateway cannot change: a new reading with that part of the old one, and the keys that wait.
///
/// @param waiting keys whose new value only a restart brings, each with that value; for comparing, never
///     shown
record Restart(Reading reading, Map<String, String> waiting) {
    /// Keeps what cannot change.
    ///
    /// @param now in force
    static Restart keeping(Reading now, Reading next) {
        Map<String, String> waiting = new TreeMap<>();
        GatewayConfig old = now.config();
        GatewayConfig read = next.config();
        note(waiting, "gateway.port", old.port(), read.port());
        note(waiting, "gateway.bind", old.bind(), read.bind());
        note(waiting, "gateway.auth.mode", now.auth().mode(), next.auth().mode());
        note(
                waiting,
                "gateway.tls.enabled",
                old.web().tls().isPresent(),
                read.web().tls().isPresent());
        note(waiting, "session.store", old.store(), read.store());
        return new Restart(
                next.with(read.keeping(old), next.auth().keeping(now.auth())), waiting);
    }

    private static void note(Map<String, String> waiting, String key, Object old, Object read) {
        if (!old.equals(read)) {
            waiting.put(key, read.toString());
        }
    }
}
