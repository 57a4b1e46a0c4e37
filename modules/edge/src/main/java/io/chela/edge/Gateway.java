package io.chela.edge;

import io.chela.agent.routing.AgentRouter;
import io.chela.agent.runtime.AgentRuntime;
import io.chela.api.Principal;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.Scope;
import io.chela.auth.AuthResult;
import io.chela.auth.Authenticator;
import io.chela.auth.Claim;
import io.chela.session.Sessions;
import io.helidon.webserver.http.ServerRequest;
import java.time.Clock;
import java.util.List;

/// What stands behind every door, as one reading of the configuration has it; the next reading makes another
/// one. Adding a part needs a decision page.
///
/// A request and a turn see one gateway from their beginning to their end; see [LiveGateway]. Runs, sessions
/// and who is limited are shared by all of them.
///
/// @param edge of it the limits and what browsers and TLS callers see; where it listens stays as it was at
///     the start
/// @param keys what each door has read
/// @param version the program's version, for clients that ask
public record Gateway(
        Authenticator authenticator,
        AgentRouter router,
        AgentRuntime runtime,
        Sessions sessions,
        Readiness readiness,
        EdgeSettings edge,
        List<Record> keys,
        Clock clock,
        String version) {

    public Gateway {
        keys = List.copyOf(keys);
    }

    /// The gateway that a request sees. Only on its connection's thread.
    public static Gateway of(ServerRequest request) {
        return LiveGateway.Use.of(request).gateway();
    }

    /// What a door has read, by its type.
    public <K extends Record> K keys(Class<K> type) {
        return keys.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no door has read " + type.getName()));
    }

    /// The principal behind a request, which must have the scope. Waits when too many wrong secrets came from
    /// the caller's address.
    ///
    /// Where no secret is asked for, a page of an origin that is not allowed is refused: a browser sends what
    /// any page tells it to.
    ///
    /// @throws ProblemException with `Unauthenticated`, `RateLimited` or `Forbidden`
    public Principal principal(ServerRequest request, Scope scope) {
        return admit(request, scope).principal();
    }

    /// The same, with the time when the credential expires, for an answer that goes on and on.
    ///
    /// @throws ProblemException with `Unauthenticated`, `RateLimited` or `Forbidden`
    public AuthResult.Granted admit(ServerRequest request, Scope scope) {
        Claim claim = claim(request);
        if (authenticator.isOpen()) {
            checkPage(claim);
        }
        return switch (authenticator.check(claim)) {
            case AuthResult.Granted granted -> checked(granted, scope);
            case AuthResult.Denied(var problem) -> throw new ProblemException(problem);
        };
    }

    private static AuthResult.Granted checked(AuthResult.Granted granted, Scope scope) {
        Exchange.note("principal", granted.principal().id());
        if (!granted.principal().has(scope)) {
            throw new ProblemException(Problem.Forbidden.missing(scope));
        }
        return granted;
    }

    private void checkPage(Claim claim) {
        if (!allowsPage(claim)) {
            throw new ProblemException(new Problem.Forbidden("This Origin may not use the gateway."));
        }
        if (!Claims.isAllowedHost(claim, authenticator.origins())) {
            throw new ProblemException(new Problem.Forbidden(
                    "The Host must be localhost or a loopback address when the gateway asks for no secret."));
        }
    }

    /// What a request shows to be let in. Only on its own thread.
    public Claim claim(ServerRequest request) {
        return Claims.of(request, authenticator);
    }

    /// What an earlier gateway took for a claim, as this one takes it: it may trust other proxies.
    public Claim claim(Claim earlier) {
        return new Claim(
                authenticator.caller(earlier.caller().peer(), earlier.headers()),
                earlier.headers(),
                earlier.departure());
    }

    /// Tells whether somebody who was let in by an earlier gateway would be let in the same by this one.
    public boolean stillAdmits(Claim earlier, AuthResult.Granted granted) {
        Claim claim = claim(earlier);
        return allowsPage(claim) && authenticator.stillGrants(claim, granted);
    }

    /// Tells whether the page that a browser names in `Origin`, if it does, may open a WebSocket.
    public boolean allowsPage(Claim claim) {
        return Claims.isAllowedPage(claim, authenticator.origins());
    }
}
