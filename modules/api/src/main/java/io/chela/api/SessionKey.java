package io.chela.api;

/// The canonical name of a session, `agent:<agentId>:<rest>`, unique within its owner.
///
/// At most 600 code points without control characters: 512 that a caller chooses, and what is put before them. A
/// session is addressed by its owner *and* its key:
/// two principals that use the same key have two sessions.
public record SessionKey(String value) {
    /// The longest key, in code points.
    public static final int MAX_CODE_POINTS = 600;

    public SessionKey {
        if (value.isBlank()
                || value.codePointCount(0, value.length()) > MAX_CODE_POINTS
                || value.codePoints().anyMatch(SessionKey::isIllegal)) {
            throw new IllegalArgumentException(
                    "a session key has 1 to " + MAX_CODE_POINTS + " code points and no control characters");
        }
    }

    /// A control character, or half a surrogate pair, which has no UTF-8.
    private static boolean isIllegal(int point) {
        return Character.isISOControl(point) || Character.getType(point) == Character.SURROGATE;
    }

    /// Builds `agent:<agent>:<rest>`.
    public static SessionKey of(AgentId agent, String rest) {
        return new SessionKey("agent:" + agent + ":" + rest);
    }

    @Override
    public String toString() {
        return value;
    }
}
