package io.chela.edge;

import io.chela.agent.routing.AgentRouter;
import io.chela.agent.runtime.AgentRuntime;
import io.chela.agent.runtime.Providers;
import io.chela.agent.runtime.RunLimits;
import io.chela.agent.runtime.Runs;
import io.chela.api.Agent;
import io.chela.api.AgentId;
import io.chela.api.Budget;
import io.chela.api.ModelRef;
import io.chela.auth.AuthRules;
import io.chela.auth.Authenticator;
import io.chela.session.Sessions;
import io.chela.testkit.FakeModel;
import io.chela.testkit.MemoryStore;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A gateway for tests of the edge: what stands behind the doors is there, and nobody asks for it.
final class TestGateway {
    private TestGateway() {}

    static LiveGateway live(EdgeSettings settings) {
        return new LiveGateway(of(settings));
    }

    static Gateway of(EdgeSettings settings) {
        return of(settings, List::of, AuthRules.defaults(Clock.systemUTC()));
    }

    static Gateway of(EdgeSettings settings, Readiness readiness, AuthRules rules) {
        var clock = Clock.systemUTC();
        var sessions = new Sessions(new MemoryStore(), clock);
        var agent = new Agent(
                new AgentId("main"), Optional.empty(), "", new ModelRef("fake", "m"), List.of(), Set.of(), true);
        return new Gateway(
                new Authenticator(Optional.empty(), Optional.empty(), rules),
                new AgentRouter(List.of(agent)),
                new AgentRuntime(
                        new Providers(Map.of("fake", FakeModel.saying("ok"))),
                        sessions,
                        new Runs(clock, Budget.ofHeap()),
                        RunLimits.DEFAULTS),
                sessions,
                readiness,
                settings,
                List.of(),
                clock,
                "test");
    }
}
