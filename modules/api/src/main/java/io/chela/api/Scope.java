package io.chela.api;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// What a principal may do; names as in the Gateway protocol, section "roles and scopes".
public enum Scope {
    READ("operator.read"),
    WRITE("operator.write"),
    ADMIN("operator.admin"),
    APPROVALS("operator.approvals"),
    QUESTIONS("operator.questions"),
    PAIRING("operator.pairing"),
    TALK("operator.talk"),
    TALK_SECRETS("operator.talk.secrets");

    private final String wire;

    Scope(String wire) {
        this.wire = wire;
    }

    /// The name in configuration, headers and frames, such as `operator.read`.
    public String wire() {
        return wire;
    }

    public static Optional<Scope> parse(String wire) {
        return Arrays.stream(values()).filter(scope -> scope.wire.equals(wire)).findFirst();
    }

    /// Every scope: what the operator's own token carries.
    public static Set<Scope> all() {
        return EnumSet.allOf(Scope.class);
    }

    /// Tells whether `granted` is enough for this scope: admin implies all, write implies read and talk.
    public boolean isIn(Set<Scope> granted) {
        return granted.contains(this)
                || granted.contains(ADMIN)
                || (granted.contains(WRITE) && (this == READ || this == TALK));
    }
}
