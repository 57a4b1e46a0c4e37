package io.chela.app;

import io.chela.agent.runtime.Providers;
import io.chela.api.Agent;
import io.chela.api.spi.ModelState;
import io.chela.edge.Readiness;
import java.util.List;

/// Ready means that the default agent can answer.
final class ModelReadiness implements Readiness {
    private final Providers providers;
    private final Agent agent;

    ModelReadiness(Providers providers, Agent agent) {
        this.providers = providers;
        this.agent = agent;
    }

    ModelState state() {
        return providers.model(agent.model()).state();
    }

    @Override
    public List<String> failing() {
        return switch (state()) {
            case ModelState.Ready _ -> List.of();
            case ModelState.Loading(var what) -> List.of("model " + agent.model() + ": " + what);
            case ModelState.Failed(var why) -> List.of("model " + agent.model() + ": " + why);
        };
    }
}
