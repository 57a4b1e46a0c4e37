package io.chela.agent.routing;

import io.chela.api.Agent;
import io.chela.api.AgentId;
import io.chela.api.Principal;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import java.util.List;
import java.util.Optional;

/// Routes requests to agents and sessions.
public final class AgentRouter {
    private final List<Agent> agents;
    private final AgentNames names;

    /// @throws IllegalArgumentException when there is no agent
    public AgentRouter(List<Agent> agents) {
        this.agents = List.copyOf(agents);
        this.names = new AgentNames(agents);
    }

    /// The configured agents, in the order of the configuration.
    public List<Agent> agents() {
        return agents;
    }

    public Agent defaultAgent() {
        return names.byDefault();
    }

    /// The values of `model` to show to a principal, those of the agents it may use only: `openclaw`,
    /// `openclaw/default`, `openclaw/<id>` in the order of the configuration, then the aliases.
    public List<String> names(Principal principal) {
        return names.listed().stream()
                .filter(name -> find(principal, name).isPresent())
                .toList();
    }

    /// Finds the agent that a value of `model` means, in any form that [#route] takes; empty also when the
    /// principal may not use it.
    public Optional<Agent> find(Principal principal, String model) {
        return names.byModel(model).filter(agent -> principal.mayUse(agent.id()));
    }

    /// Finds the agent and the session a request means.
    ///
    /// An unknown `model` is refused even beside a known agent. A session key that names an agent chooses it,
    /// unless the request chose another one itself.
    ///
    /// @throws ProblemException with `UnknownAgent`, `Forbidden` or `Malformed`
    public Route route(Principal principal, RouteRequest request) {
        Optional<Agent> chosen = chosen(request);
        Agent agent = keyed(request, chosen).or(() -> chosen).orElse(names.byDefault());
        if (!principal.mayUse(agent.id())) {
            throw new ProblemException(
                    new Problem.Forbidden("This credential may not use the agent '" + agent.id() + "'."));
        }
        AgentId id = agent.id();
        return new Route(
                agent,
                request.sessionKey()
                        .map(key -> SessionKeys.named(id, key))
                        .or(() -> request.user().map(user -> SessionKeys.ofUser(id, user))));
    }

    /// The agent a request chooses itself; empty when it leaves the choice to us.
    private Optional<Agent> chosen(RouteRequest request) {
        Optional<Agent> byModel = request.model()
                .map(model -> names.byModel(model).orElseThrow(() -> unknown(model, "model")))
                .filter(_ -> !AgentNames.isDefault(request.model().orElse("")));
        return request.agent()
                .map(named -> names.byId(named.value()).orElseThrow(() -> unknown(named.value(), named.param())))
                .or(() -> byModel);
    }

    private Optional<Agent> keyed(RouteRequest request, Optional<Agent> chosen) {
        Optional<RouteRequest.Named> key = request.sessionKey();
        Optional<Agent> named = key.flatMap(
                        given -> SessionKeys.agentOf(given.value().strip()))
                .map(id -> names.byId(id)
                        .orElseThrow(() -> unknown(id, key.orElseThrow().param())));
        if (named.isPresent() && chosen.isPresent() && !named.equals(chosen)) {
            throw SessionKeys.malformed(
                    key.orElseThrow().param(),
                    "names the agent '" + named.get().id() + "', but the request chose '"
                            + chosen.get().id() + "'.");
        }
        return named;
    }

    private static ProblemException unknown(String name, String param) {
        return new ProblemException(new Problem.UnknownAgent(name, param));
    }
}
