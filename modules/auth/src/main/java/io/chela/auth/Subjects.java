package io.chela.auth;

import io.chela.api.AgentId;
import io.chela.api.Principal;
import io.chela.api.Scope;
import io.helidon.security.Grant;
import io.helidon.security.Subject;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// How an `AuthenticationProvider`, ours or any other, says what a credential grants.
///
/// The principal's name owns the sessions; a grant of type [#SCOPE] is a scope, one of type [#AGENT] an agent
/// it may use (none means all), and the principal's attribute [#EXPIRES] is an `Instant`.
public final class Subjects {
    public static final String SCOPE = "scope";
    public static final String AGENT = "agent";
    public static final String EXPIRES = "expires";

    /// Marks the gateway's own secret, whose scopes a request cannot narrow.
    private static final String SHARED = "shared";

    private Subjects() {}

    static Subject subject(Identity identity) {
        Principal principal = identity.principal();
        var named = io.helidon.security.Principal.builder().name(principal.id());
        identity.expires().ifPresent(end -> named.addAttribute(EXPIRES, end));
        named.addAttribute(SHARED, !identity.narrows());
        var subject = Subject.builder().principal(named.build());
        principal.scopes().forEach(scope -> subject.addGrant(grant(SCOPE, scope.wire())));
        principal.agents().forEach(agent -> subject.addGrant(grant(AGENT, agent.value())));
        return subject.build();
    }

    private static Grant grant(String type, String name) {
        return Grant.builder().type(type).name(name).build();
    }

    /// Reads a subject; scopes it does not know grant nothing.
    ///
    /// @throws IllegalArgumentException when it names no principal, or an agent that cannot be one: to leave
    ///     that out could make it all agents
    static Identity identity(Subject subject) {
        var named = subject.principal();
        var principal = new Principal(
                named.getName(),
                names(subject, SCOPE).stream()
                        .flatMap(name -> Scope.parse(name).stream())
                        .collect(Collectors.toSet()),
                names(subject, AGENT).stream().map(AgentId::new).collect(Collectors.toSet()));
        Optional<Instant> expires = named.abacAttribute(EXPIRES).map(Instant.class::cast);
        return new Identity(principal, expires, !named.abacAttribute(SHARED).equals(Optional.of(true)));
    }

    private static Set<String> names(Subject subject, String type) {
        return subject.grantsByType(type).stream().map(Grant::getName).collect(Collectors.toSet());
    }
}
