package io.chela.app;

import java.security.SecureRandom;
import java.util.Optional;

/// With whom a chat is, and by which key its session is found again.
///
/// @param agent empty: the gateway's default one, or the one that the key names
record ChatSession(Optional<String> agent, String key) {
    private static final String LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
    private static final int RANDOM_LETTERS = 10;

    /// A key that nobody has used.
    static String newKey() {
        var key = new StringBuilder("chat-");
        new SecureRandom()
                .ints(RANDOM_LETTERS, 0, LETTERS.length())
                .forEach(letter -> key.append(LETTERS.charAt(letter)));
        return key.toString();
    }

    /// Another agent has sessions of its own; a key that names its agent cannot go with it.
    ChatSession with(String other) {
        return new ChatSession(Optional.of(other), key.startsWith("agent:") ? newKey() : key);
    }

    ChatSession anew() {
        return new ChatSession(agent, newKey());
    }

    /// The command that goes on with it.
    String command() {
        return "chela chat --session-key " + shell(key)
                + agent.map(id -> " --agent " + shell(id)).orElse("");
    }

    private static String shell(String word) {
        return word.matches("[A-Za-z0-9:._/@-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
