package io.chela.app;

import io.chela.agent.runtime.Providers;
import io.chela.api.Agent;
import io.chela.api.ModelRef;
import io.chela.api.spi.ModelState;
import io.chela.edge.Readiness;
import java.util.List;

/// Ready means that the default agent can answer, by its own model or by a fallback.
final class ModelReadiness implements Readiness {
    private final Providers providers;
    private final Agent agent;

    ModelReadiness(Providers providers, Agent agent) {
        this.providers = providers;
        this.agent = agent;
    }

    @Override
    public List<String> failing() {
        if (agent.fallbacks().stream().anyMatch(this::isReady)) {
            return List.of();
        }
        return switch (providers.model(agent.model()).state()) {
            case ModelState.Ready _ -> List.of();
            case ModelState.Loading(var what) -> List.of("model " + agent.model() + ": " + what);
            case ModelState.Failed(var why) -> List.of("model " + agent.model() + ": " + why);
        };
    }

    private boolean isReady(ModelRef model) {
        return providers.model(model).state() instanceof ModelState.Ready;
    }
}
