package io.chela.agent.routing;

import io.chela.api.AgentId;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.SessionKey;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Turns what a caller writes into canonical keys. Source: OpenClaw, "OpenAI chat completions endpoint",
/// sessions.
final class SessionKeys {
    /// The longest short key and the longest `user`, in code points after normalization.
    static final int MAX_GIVEN = 512;

    private static final String PREFIX = "agent:";
    private static final List<String> RESERVED = List.of("subagent:", "cron:", "acp:", "harness:");

    private SessionKeys() {}

    /// The agent that a canonical key `agent:<id>:<rest>` names.
    static Optional<String> agentOf(String key) {
        if (!key.regionMatches(true, 0, PREFIX, 0, PREFIX.length())) {
            return Optional.empty();
        }
        int end = key.indexOf(':', PREFIX.length());
        return end < 0 ? Optional.empty() : Optional.of(key.substring(PREFIX.length(), end));
    }

    /// The key for a value given as a session key; a short one belongs to the agent.
    static SessionKey named(AgentId agent, RouteRequest.Named key) {
        String text = normal(key.value());
        String rest = agentOf(text)
                .map(id -> text.substring(PREFIX.length() + id.length() + 1))
                .orElse(text);
        if (RESERVED.stream().anyMatch(rest.toLowerCase(Locale.ROOT)::startsWith)) {
            throw malformed(key.param(), "must not use the reserved namespaces " + String.join(", ", RESERVED) + ".");
        }
        if (rest.isBlank()) {
            throw malformed(key.param(), "names no session after its agent.");
        }
        return agentOf(text).isPresent() ? key(key.param(), agent, rest) : given(key.param(), agent, rest, "");
    }

    /// The key of the session of an end user.
    static SessionKey ofUser(AgentId agent, String user) {
        return given("user", agent, normal(user), "openai-user:");
    }

    /// A key of what the caller chose, which is counted without what is put before it.
    private static SessionKey given(String param, AgentId agent, String text, String prefix) {
        if (text.codePointCount(0, text.length()) > MAX_GIVEN) {
            throw malformed(param);
        }
        return key(param, agent, prefix + text);
    }

    private static SessionKey key(String param, AgentId agent, String rest) {
        try {
            return SessionKey.of(agent, rest);
        } catch (IllegalArgumentException _) {
            throw malformed(param);
        }
    }

    private static String normal(String text) {
        return Normalizer.normalize(text.strip(), Normalizer.Form.NFC);
    }

    private static ProblemException malformed(String param) {
        return malformed(param, "must have 1 to " + MAX_GIVEN + " code points and no control characters.");
    }

    static ProblemException malformed(String param, String reason) {
        return new ProblemException(new Problem.Malformed(param, "`" + param + "` " + reason));
    }
}
