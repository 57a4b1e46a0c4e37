package io.chela.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chela.agent.routing.AgentRouter;
import io.chela.agent.routing.Route;
import io.chela.agent.routing.RouteRequest;
import io.chela.api.Agent;
import io.chela.api.AgentId;
import io.chela.api.LogLine;
import io.chela.api.ModelRef;
import io.chela.api.Principal;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.SessionKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Routes requests with any names: the input's lines are the model, the agent, the session key and the
/// user.
///
/// Refused by a stated rule, or a key that means itself when it is given again, fits its limit, survives
/// UTF-8, and is one word in the log.
public final class KeysTarget {
    private static final AgentRouter ROUTER = new AgentRouter(List.of(agent("main"), agent("beta")));

    private KeysTarget() {}

    private static Agent agent(String id) {
        return new Agent(
                new AgentId(id),
                Optional.empty(),
                "",
                new ModelRef("offline", "echo"),
                List.of(),
                Set.of("an alias"),
                false);
    }

    public static void fuzzerTestOneInput(byte[] bytes) {
        String[] names = new String(bytes, UTF_8).split("\n", 4);
        for (String name : names) {
            String line = new LogLine().text("name", name).toString();
            Faults.check(line.matches("name=[!-~]+"), () -> "forges a line of the log: " + line);
        }
        route(
                        bytes,
                        new RouteRequest(
                                word(names, 0),
                                word(names, 1).map(agent -> new RouteRequest.Named("agent", agent)),
                                word(names, 2).map(key -> new RouteRequest.Named("key", key)),
                                word(names, 3)))
                .ifPresent(route -> check(bytes, route));
    }

    private static Optional<String> word(String[] names, int index) {
        return index < names.length && !names[index].isEmpty() ? Optional.of(names[index]) : Optional.empty();
    }

    private static Optional<Route> route(byte[] bytes, RouteRequest request) {
        try {
            return Optional.of(ROUTER.route(Principal.operator(), request));
        } catch (ProblemException e) {
            Problem problem = e.problem();
            Faults.check(
                    problem instanceof Problem.Malformed || problem instanceof Problem.UnknownAgent,
                    () -> "refused as " + problem);
            Faults.checkWords(problem.message(), bytes);
            return Optional.empty();
        }
    }

    private static void check(byte[] bytes, Route route) {
        route.session().ifPresent(key -> {
            String value = key.value();
            Faults.check(value.startsWith("agent:" + route.agent().id() + ":"), () -> "of no agent: " + value);
            Faults.check(
                    value.codePointCount(0, value.length()) <= SessionKey.MAX_CODE_POINTS, () -> "too long: " + value);
            Faults.check(value.chars().noneMatch(Character::isISOControl), () -> "has a control character: " + value);
            Faults.check(new String(value.getBytes(UTF_8), UTF_8).equals(value), () -> "has no UTF-8: " + value);
            var again = route(
                    bytes,
                    new RouteRequest(
                            Optional.empty(),
                            Optional.empty(),
                            Optional.of(new RouteRequest.Named("key", value)),
                            Optional.empty()));
            Faults.check(
                    again.flatMap(Route::session).equals(Optional.of(key)),
                    () -> value + " means another session: " + again);
        });
    }
}
