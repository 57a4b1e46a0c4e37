package io.chela.edge;

import io.chela.agent.routing.AgentRouter;
import io.chela.agent.runtime.AgentRuntime;
import io.chela.api.Principal;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.Scope;
import io.chela.auth.AuthResult;
import io.chela.auth.Authenticator;
import io.chela.session.Sessions;
import io.helidon.http.HeaderNames;
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

    /// The principal behind a request's `Authorization`, which must have the scope.
    ///
    /// @throws ProblemException with `Unauthenticated` or `Forbidden`
    public Principal principal(ServerRequest request, Scope scope) {
        return switch (authenticator.check(request.headers().first(HeaderNames.AUTHORIZATION))) {
            case AuthResult.Granted(var principal) when principal.has(scope) -> principal;
            case AuthResult.Granted _ -> throw new ProblemException(Problem.Forbidden.missing(scope));
            case AuthResult.Denied(var problem) -> throw new ProblemException(problem);
        };
    }
}
