package io.chela.edge;

import io.chela.api.Problem;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Registers a path with the methods it answers; every other method gets 405 with `Allow`, before any
/// credential is
/// looked at by a handler, and a browser's preflight its answer.
///
/// Helidon decodes a path before it matches: a parameter that may hold `%2F` is written `{+id}`.
public final class Paths {
    private Paths() {}

    /// Registers one method; GET answers HEAD too, so its handler should send by [JsonAnswer].
    public static void only(HttpRouting.Builder http, String path, Method method, Handler handler) {
        only(http, path, Map.of(method, handler));
    }

    /// Registers several methods, in the order of the map.
    public static void only(HttpRouting.Builder http, String path, Map<Method, Handler> handlers) {
        var all = new LinkedHashMap<>(handlers);
        if (all.containsKey(Method.GET)) {
            all.putIfAbsent(Method.HEAD, all.get(Method.GET));
        }
        all.forEach((method, handler) -> http.route(method, path, handler));
        List<String> allowed = new ArrayList<>();
        all.keySet().forEach(method -> allowed.add(method.text()));
        var problem = new Problem.MethodNotAllowed(allowed);
        http.any(
                path,
                (_, response) -> Preflight.current()
                        .ifPresentOrElse(
                                preflight -> preflight.answer(response, allowed),
                                () -> Problems.send(response, problem)));
    }
}
