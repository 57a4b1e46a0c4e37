package io.chela.auth;

import io.chela.api.Principal;
import io.chela.api.Scope;
import io.helidon.security.AuthenticationResponse;
import io.helidon.security.ProviderRequest;
import io.helidon.security.spi.AuthenticationProvider;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Believes a trusted proxy that names the user: `gateway.auth.mode: trusted-proxy`.
public final class ProxyAuth implements AuthenticationProvider {
    /// What the owner of a user's sessions begins with.
    public static final String USER = "user:";

    private static final int MAX_NAME = 256;

    private final Rules rules;

    /// What must be true of a request.
    ///
    /// @param userHeader names the user
    /// @param requiredHeaders what else the proxy always sends
    /// @param allowUsers who may come; empty for everybody the proxy names
    /// @param allowLoopback whether the proxy may be on this machine, where every process could pass for it
    public record Rules(
            String userHeader, List<String> requiredHeaders, Set<String> allowUsers, boolean allowLoopback) {
        public Rules {
            requiredHeaders = List.copyOf(requiredHeaders);
            allowUsers = Set.copyOf(allowUsers);
        }
    }

    public ProxyAuth(Rules rules) {
        this.rules = rules;
    }

    @Override
    public AuthenticationResponse authenticate(ProviderRequest request) {
        Optional<Caller> caller = request.env().abacAttribute(Provider.CALLER).map(Caller.class::cast);
        if (caller.filter(this::comesThroughOurProxy).isEmpty()) {
            return AuthenticationResponse.failed("not from a trusted proxy");
        }
        var headers = request.env().headers();
        if (!rules.requiredHeaders().stream()
                .allMatch(name -> one(headers.get(name)).isPresent())) {
            return AuthenticationResponse.failed("a header that the proxy always sends is missing");
        }
        return one(headers.get(rules.userHeader()))
                .filter(this::isWelcome)
                .map(user -> new Principal(USER + user, Scope.all(), Set.of()))
                .map(principal -> AuthenticationResponse.success(Subjects.subject(Identity.of(principal))))
                .orElseGet(() -> AuthenticationResponse.failed("no user, or one who may not come"));
    }

    private boolean comesThroughOurProxy(Caller caller) {
        return caller.proxied()
                && !caller.address().isLoopbackAddress()
                && (rules.allowLoopback() || !caller.peer().isLoopbackAddress());
    }

    /// A header's one line: a second one would be the caller's own, beside the proxy's.
    private static Optional<String> one(@org.jspecify.annotations.Nullable List<String> lines) {
        return lines == null || lines.size() != 1
                ? Optional.empty()
                : Optional.of(lines.getFirst().strip()).filter(text -> !text.isEmpty());
    }

    private boolean isWelcome(String user) {
        return user.length() <= MAX_NAME
                && user.codePoints().noneMatch(Character::isISOControl)
                && (rules.allowUsers().isEmpty() || rules.allowUsers().contains(user));
    }
}
