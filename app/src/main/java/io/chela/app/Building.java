package io.chela.app;

import io.chela.agent.routing.AgentRouter;
import io.chela.agent.runtime.AgentRuntime;
import io.chela.agent.runtime.Providers;
import io.chela.agent.runtime.Runs;
import io.chela.auth.Authenticator;
import io.chela.edge.EdgeSettings;
import io.chela.edge.Gateway;
import io.chela.session.Sessions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes a gateway of a reading, around what stays while the program runs.
///
/// @param environment of the process
record Building(
        ModelMaker maker,
        Map<String, String> environment,
        StateFolder state,
        Clock clock,
        Sessions sessions,
        Runs runs) {
    /// A reading, with the model that was found where it names none, and the gateway that was made of it.
    record Built(Reading reading, Gateway gateway, ModelMaker.Made made, Credentials credentials, ModelChoice choice) {
        Providers providers() {
            return gateway.runtime().providers();
        }
    }

    /// How callers of a reading's gateway prove who they are; makes the token's file when there is none.
    ///
    /// @throws UsageException when that file cannot be used
    Credentials credentials(Reading reading) {
        return new Credentials(reading.auth(), environment, state);
    }

    /// Builds one; empty, and nothing is left open, after a mistake.
    ///
    /// @param before the one in force: models and credentials that are the same are taken over
    /// @param mistakes takes those that show here only
    Optional<Built> build(Reading read, Credentials credentials, Optional<Built> before, List<String> mistakes) {
        ModelChoice choice = maker.choose(read, before.map(Built::choice), mistakes);
        Reading reading = read.with(choice.config());
        GatewayConfig config = reading.config();
        ModelMaker.Made made = maker.make(reading, before.map(Built::made).orElse(ModelMaker.Made.NONE), mistakes);
        Providers providers = before.map(Built::providers)
                .map(old -> old.next(made.models()))
                .orElseGet(() -> new Providers(made.models()));
        try {
            mistakes.addAll(UnknownModels.of(config, made.models()));
            if (mistakes.isEmpty()) {
                return Optional.of(new Built(
                        reading, gateway(reading, credentials, before, providers), made, credentials, choice));
            }
        } catch (RuntimeException e) {
            providers.retire();
            throw e;
        }
        providers.retire();
        return Optional.empty();
    }

    private Gateway gateway(Reading reading, Credentials credentials, Optional<Built> before, Providers providers) {
        GatewayConfig config = reading.config();
        var router = new AgentRouter(config.agents());
        return new Gateway(
                authenticator(reading, credentials, before),
                router,
                new AgentRuntime(providers, sessions, runs, config.limits().runs()),
                sessions,
                new ModelReadiness(providers, router.defaultAgent()),
                new EdgeSettings(
                        config.bind(),
                        config.port(),
                        config.limits().edge(),
                        config.web().edge()),
                reading.doors(),
                clock,
                Version.TEXT);
    }

    /// The one in force when it would be the same: whoever it let in need not be looked at again.
    private Authenticator authenticator(Reading reading, Credentials credentials, Optional<Built> before) {
        return before.map(old -> old.reading().credentials().equals(reading.credentials())
                                && old.reading()
                                        .auth()
                                        .withMode()
                                        .equals(reading.auth().withMode())
                                && old.credentials().hasSecretOf(credentials)
                        ? old.gateway().authenticator()
                        : credentials.authenticator(old.gateway().authenticator(), clock))
                .orElseGet(() -> credentials.authenticator(clock));
    }
}
