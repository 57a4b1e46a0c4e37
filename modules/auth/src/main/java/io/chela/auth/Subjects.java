package io.chela.auth;

import io.chela.api.AgentId;
import io.chela.api.Principal;
import io.chela.api.Scope;
import io.helidon.security.Grant;
import io.helidon.security.Subject;
import java.util.Set;
import java.util.stream.Collectors;

/// Writes our [Principal] as a helidon-security `Subject` and reads it back: grants of type `scope` and
/// `agent`.
///
/// A provider that is not ours grants the same way, so that scopes come from the credential only.
final class Subjects {
    private static final String SCOPE = "scope";
    private static final String AGENT = "agent";

    private Subjects() {}

    static Subject subject(Principal principal) {
        var subject = Subject.builder().principal(io.helidon.security.Principal.create(principal.id()));
        principal.scopes().forEach(scope -> subject.addGrant(grant(SCOPE, scope.wire())));
        principal.agents().forEach(agent -> subject.addGrant(grant(AGENT, agent.value())));
        return subject.build();
    }

    private static Grant grant(String type, String name) {
        return Grant.builder().type(type).name(name).build();
    }

    static Principal principal(Subject subject) {
        return new Principal(
                subject.principal().getName(),
                names(subject, SCOPE).stream()
                        .flatMap(name -> Scope.parse(name).stream())
                        .collect(Collectors.toSet()),
                names(subject, AGENT).stream().map(AgentId::new).collect(Collectors.toSet()));
    }

    private static Set<String> names(Subject subject, String type) {
        return subject.grantsByType(type).stream().map(Grant::getName).collect(Collectors.toSet());
    }
}
