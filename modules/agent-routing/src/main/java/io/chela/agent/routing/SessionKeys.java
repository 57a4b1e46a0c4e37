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
        return checked(key.param(), agent, rest);
    }

    /// The key of the session of an end user.
    static SessionKey ofUser(AgentId agent, String user) {
        return checked("user", agent, "openai-user:" + normal(user));
    }

    private static SessionKey checked(String param, AgentId agent, String rest) {
        try {
            return SessionKey.of(agent, rest);
        } catch (IllegalArgumentException _) {
            throw malformed(
                    param,
                    "has 1 to " + SessionKey.MAX_CODE_POINTS
                            + " code points with its prefix and no control characters.");
        }
    }

    private static String normal(String text) {
        return Normalizer.normalize(text.strip(), Normalizer.Form.NFC);
    }

    static ProblemException malformed(String param, String reason) {
        return new ProblemException(new Problem.Malformed(param, "`" + param + "` " + reason));
    }
}
