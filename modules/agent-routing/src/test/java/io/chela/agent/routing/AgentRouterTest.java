package io.chela.agent.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.Agent;
import io.chela.api.AgentId;
import io.chela.api.ModelRef;
import io.chela.api.Principal;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.Scope;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentRouterTest {
    private static final Principal OPERATOR = Principal.operator();

    private final AgentRouter router =
            new AgentRouter(List.of(agent("beta", false), agent("main", false, "gpt-4o"), agent("gamma", false)));

    private static Agent agent(String id, boolean isDefault, String... aliases) {
        return new Agent(
                new AgentId(id), Optional.empty(), "", new ModelRef("p", "m"), List.of(), Set.of(aliases), isDefault);
    }

    private static Optional<RouteRequest.Named> named(String param, String value) {
        return Optional.of(new RouteRequest.Named(param, value));
    }

    /// Empty strings stand for what the request leaves out.
    private Route route(String model, String agent, String key, String user) {
        return router.route(
                OPERATOR,
                new RouteRequest(
                        Optional.of(model),
                        named("x-openclaw-agent-id", agent),
                        named("x-openclaw-session-key", key),
                        Optional.of(user)));
    }

    private Problem problem(String model, String agent, String key, String user) {
        try {
            var route = route(model, agent, key, user);
            throw new AssertionError("was routed to " + route);
        } catch (ProblemException e) {
            return e.problem();
        }
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "'', main",
                "openclaw, main",
                "OpenClaw, main",
                "openclaw/default, main",
                "openclaw:default, main",
                "openclaw/beta, beta",
                "openclaw:beta, beta",
                "agent:beta, beta",
                "AGENT:Beta, beta",
                "gpt-4o, main",
            })
    void findsTheAgentAModelNames(String model, String agent) {
        assertThat(route(model, "", "", "").agent().id()).isEqualTo(new AgentId(agent));
    }

    @Test
    void prefersTheAgentMarkedDefaultThenMainThenTheFirst() {
        assertThat(new AgentRouter(List.of(agent("main", false), agent("x", true)))
                        .defaultAgent()
                        .id()
                        .value())
                .isEqualTo("x");
        assertThat(router.defaultAgent().id().value()).isEqualTo("main");
        assertThat(new AgentRouter(List.of(agent("y", false), agent("x", false)))
                        .defaultAgent()
                        .id()
                        .value())
                .isEqualTo("y");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpt-5", "openclaw/ghost", "agent:", "home/qwen3", "openclaw/../main", "agent:ghost"})
    void refusesAModelThatNamesNoAgentEvenBesideAKnownOne(String model) {
        assertThat(problem(model, "main", "", "")).isEqualTo(new Problem.UnknownAgent(model, "model"));
    }

    @Test
    void letsTheHeaderWinOverTheModel() {
        assertThat(route("openclaw/beta", "gamma", "", "").agent().id().value()).isEqualTo("gamma");
        assertThat(problem("openclaw", "ghost", "", ""))
                .isEqualTo(new Problem.UnknownAgent("ghost", "x-openclaw-agent-id"));
    }

    @Test
    void hasNoSessionWhenNothingNamesOne() {
        assertThat(route("openclaw", "", "", "").session()).isEmpty();
        assertThat(route("openclaw", "", "  ", " ").session()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "myconv, agent:main:myconv",
        "main, agent:main:main",
        "global, agent:main:global",
        "agent:main:app:1, agent:main:app:1",
        "AGENT:Main:App, agent:main:App",
        "' padded ', agent:main:padded",
        "Ünïcode आलिस, agent:main:Ünïcode आलिस",
    })
    void makesKeysCanonical(String key, String canonical) {
        assertThat(route("openclaw", "", key, "").session().orElseThrow().value())
                .isEqualTo(canonical);
    }

    @Test
    void composesWhatLooksTheSame() {
        assertThat(route("", "", "e\u0301", "").session())
                .isEqualTo(route("", "", "\u00e9", "").session());
    }

    @Test
    void givesEachUserOfEachAgentASessionAndKeepsTheirCase() {
        assertThat(route("openclaw/beta", "", "", "Alice")
                        .session()
                        .orElseThrow()
                        .value())
                .isEqualTo("agent:beta:openai-user:Alice");
        assertThat(route("", "", "k", "Alice").session().orElseThrow().value()).isEqualTo("agent:main:k");
    }

    @Test
    void followsAKeyToItsAgentUnlessTheRequestChoseAnother() {
        assertThat(route("openclaw", "", "agent:beta:x", "").agent().id().value())
                .isEqualTo("beta");
        assertThat(route("openclaw/beta", "", "agent:beta:x", "").agent().id().value())
                .isEqualTo("beta");
        assertThat(problem("openclaw/main", "", "agent:beta:x", ""))
                .isInstanceOf(Problem.Malformed.class)
                .extracting(Problem::message)
                .asString()
                .contains("x-openclaw-session-key", "beta", "main");
        assertThat(problem("openclaw", "", "agent:ghost:x", ""))
                .isEqualTo(new Problem.UnknownAgent("ghost", "x-openclaw-session-key"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"subagent:x", "CRON:x", "agent:main:acp:x", "harness:y", "agent:main:", "a\u0007b"})
    void refusesKeysThatAreReservedOrUnreadable(String key) {
        assertThat(problem("openclaw", "", key, "")).isInstanceOf(Problem.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../etc/passwd",
                "'; DROP TABLE sessions; --",
                "m\u0430in",
                "\uff4d\uff41\uff49\uff4e",
                "a\u2028b\u2029c",
                "\u202eniam",
                "a\u200bb",
                "%00%0d%0a",
                "\ud83d\ude00"
            })
    void takesAnyOtherNameAsDataOfItsOwn(String name) {
        assertThat(route("", "", name, "").session().orElseThrow().value()).isEqualTo("agent:main:" + name);
        assertThat(route("", "", "", name).session().orElseThrow().value()).isEqualTo("agent:main:openai-user:" + name);
        assertThat(problem("openclaw/" + name, "", "", "")).isInstanceOf(Problem.UnknownAgent.class);
        assertThat(problem("", name, "", "")).isInstanceOf(Problem.UnknownAgent.class);
        assertThat(problem("", "", "agent:" + name + ":x", "")).isInstanceOf(Problem.UnknownAgent.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\rb", "a\0b", "a\u001b[31m", "a\u007fb", "a\u0085b"})
    void refusesControlCharactersInKeysAndUsers(String name) {
        assertThat(problem("", "", name, "").message()).contains("no control characters");
        assertThat(problem("", "", "", name).message()).contains("`user`", "no control characters");
    }

    @Test
    void refusesAKeyThatIsTooLong() {
        assertThat(problem("", "", "k".repeat(600), "").message()).contains("512");
        assertThat(problem("", "", "", "u".repeat(600)).message()).contains("`user`");
    }

    @Test
    void countsWhatTheCallerChoseAndTakesTheKeyItGaveBack() {
        String chosen = "\uD83D\uDE00e\u0301".repeat(256); // 512 code points, once they are composed
        for (String key : List.of("", chosen)) {
            String given = route("", "", key, chosen).session().orElseThrow().value();
            assertThat(route("", "", given, "").session().orElseThrow().value())
                    .isEqualTo(given)
                    .endsWith("\u00e9");
        }
        assertThat(problem("", "", chosen + "x", "").message()).contains("`x-openclaw-session-key`", "512");
        assertThat(problem("", "", "", chosen + "x").message()).contains("`user`", "512");
    }

    @Test
    void keepsACredentialToItsAgents() {
        var limited = new Principal("app", Set.of(Scope.WRITE), Set.of(new AgentId("beta")));
        assertThatThrownBy(() -> router.route(limited, RouteRequest.none()))
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.problem()).isInstanceOf(Problem.Forbidden.class));
    }

    @Test
    void listsTheDefaultsNamesThenEachAgentAsConfiguredThenTheAliases() {
        assertThat(router.names(OPERATOR))
                .containsExactly(
                        "openclaw", "openclaw/default", "openclaw/beta", "openclaw/main", "openclaw/gamma", "gpt-4o");
    }

    @Test
    void listsAndFindsOnlyAgentsThePrincipalMayUse() {
        var guest = new Principal("guest", Set.of(Scope.READ), Set.of(new AgentId("beta")));
        assertThat(router.names(guest)).containsExactly("openclaw/beta");
        assertThat(router.find(guest, "agent:beta")).isPresent();
        assertThat(router.find(guest, "openclaw")).isEmpty();
        assertThat(router.find(guest, "gpt-4o")).isEmpty();
    }
}
