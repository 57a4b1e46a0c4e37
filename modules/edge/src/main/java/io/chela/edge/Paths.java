package io.chela.edge;

import io.chela.api.Problem;
import io.helidon.http.Method;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Registers a path with the methods it answers; every other method gets 405 with `Allow`, before any
/// credential is
/// looked at by a handler, and a browser's preflight its answer.
///
/// Helidon decodes a path before it matches: a parameter that may hold `%2F` is written `{+id}`.
public final class Paths {
    private Paths() {}

    /// Registers one method; GET answers HEAD too, so its handler should send by [JsonAnswer].
    public static void only(HttpRouting.Builder http, String path, Method method, Handler handler) {
        only(http, _ -> true, path, Map.of(method, handler));
    }

    /// Registers one method of a path that is there for some requests only, such as while its door is open;
    /// for the others it is as if nobody had registered it.
    public static void only(
            HttpRouting.Builder http, Predicate<ServerRequest> there, String path, Method method, Handler handler) {
        only(http, there, path, Map.of(method, handler));
    }

    /// Registers several methods, in the order of the map.
    public static void only(HttpRouting.Builder http, String path, Map<Method, Handler> handlers) {
        only(http, _ -> true, path, handlers);
    }

    private static void only(
            HttpRouting.Builder http, Predicate<ServerRequest> there, String path, Map<Method, Handler> handlers) {
        var all = new LinkedHashMap<>(handlers);
        if (all.containsKey(Method.GET)) {
            all.putIfAbsent(Method.HEAD, all.get(Method.GET));
        }
        all.forEach((method, handler) -> http.route(method, path, where(there, handler)));
        List<String> allowed = new ArrayList<>();
        all.keySet().forEach(method -> allowed.add(method.text()));
        var problem = new Problem.MethodNotAllowed(allowed);
        any(
                http,
                there,
                path,
                (_, response) -> Preflight.current()
                        .ifPresentOrElse(
                                preflight -> preflight.answer(response, allowed),
                                () -> Problems.send(response, problem)));
    }

    /// Registers a handler for every method of a path that is there for some requests only.
    public static void any(HttpRouting.Builder http, Predicate<ServerRequest> there, String path, Handler handler) {
        http.any(path, where(there, handler));
    }

    private static Handler where(Predicate<ServerRequest> there, Handler handler) {
        return (request, response) -> {
            if (there.test(request)) {
                handler.handle(request, response);
            } else {
                response.next();
            }
        };
    }
}
