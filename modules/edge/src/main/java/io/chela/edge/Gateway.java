package io.chela.edge;

import io.chela.agent.routing.AgentRouter;
import io.chela.agent.runtime.AgentRuntime;
import io.chela.api.Principal;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.Scope;
import io.chela.auth.AuthResult;
import io.chela.auth.Authenticator;
import io.chela.auth.Caller;
import io.chela.auth.Claim;
import io.chela.session.Sessions;
import io.helidon.webserver.http.ServerRequest;
import java.time.Clock;

/// What stands behind every door. Adding a part needs a decision page.
///
/// @param version the program's version, for clients that ask
public record Gateway(
        Authenticator authenticator,
        AgentRouter router,
        AgentRuntime runtime,
        Sessions sessions,
        Readiness readiness,
        Clock clock,
        String version) {

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
            checkPage(request, claim.caller());
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

    private void checkPage(ServerRequest request, Caller caller) {
        if (!Claims.isAllowedPage(request, caller, authenticator.origins())) {
            throw new ProblemException(new Problem.Forbidden("This Origin may not use the gateway."));
        }
        if (!Claims.isAllowedHost(request, caller, authenticator.origins())) {
            throw new ProblemException(new Problem.Forbidden(
                    "The Host must be localhost or a loopback address when the gateway asks for no secret."));
        }
    }

    /// What a request shows to be let in. Only on its own thread.
    public Claim claim(ServerRequest request) {
        return Claims.of(request, authenticator);
    }

    /// Tells whether the page that a browser names in `Origin`, if it does, may open a WebSocket.
    public boolean allowsPage(ServerRequest request) {
        return Claims.isAllowedPage(request, claim(request).caller(), authenticator.origins());
    }
}
