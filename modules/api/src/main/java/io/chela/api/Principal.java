package io.chela.api;

import java.util.Set;

/// Who is calling, as the credential says; nothing a request claims can widen it.
///
/// @param id the owner of sessions and runs: `operator` for the gateway's own token; never derived from a
///     secret, so
/// rotation loses nothing
/// @param agents the agents it may use; empty means all
public record Principal(String id, Set<Scope> scopes, Set<AgentId> agents) {
    /// The owner behind the gateway's own token or password, and behind `auth.mode: none`.
    public static final String OPERATOR = "operator";

    public Principal {
        if (id.isBlank()) {
            throw new IllegalArgumentException("a principal has an id");
        }
        scopes = Set.copyOf(scopes);
        agents = Set.copyOf(agents);
    }

    /// The operator with every scope and every agent.
    public static Principal operator() {
        return new Principal(OPERATOR, Scope.all(), Set.of());
    }

    public boolean has(Scope scope) {
        return scope.isIn(scopes);
    }

    public boolean mayUse(AgentId agent) {
        return agents.isEmpty() || agents.contains(agent);
    }
}
