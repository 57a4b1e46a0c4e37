package io.chela.model.openai;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The variables of the environment that name a proxy.
///
/// As in OpenClaw: the lower-case name counts before the upper-case one, `HTTP_PROXY` is also for `https`
/// servers when there is no `HTTPS_PROXY`, and `ALL_PROXY` is nothing.
final class ProxyVariables {
    private static final List<String> HTTP = List.of("http_proxy", "HTTP_PROXY");
    private static final List<String> HTTPS = List.of("https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY");
    private static final List<String> NO_PROXY = List.of("no_proxy", "NO_PROXY");

    private ProxyVariables() {}

    /// A variable that is set and not blank.
    record Variable(String name, String value) {}

    /// The proxy for a server; empty when no variable names one, or `NO_PROXY` excepts the server.
    static Optional<Variable> find(URI server, Map<String, String> environment) {
        boolean direct = first(NO_PROXY, environment)
                .filter(list ->
                        NoProxy.parse(list.value()).covers(Route.withoutBrackets(server.getHost()), Route.port(server)))
                .isPresent();
        return direct ? Optional.empty() : first("https".equals(server.getScheme()) ? HTTPS : HTTP, environment);
    }

    private static Optional<Variable> first(List<String> names, Map<String, String> environment) {
        return names.stream()
                .map(name ->
                        new Variable(name, environment.getOrDefault(name, "").strip()))
                .filter(variable -> !variable.value().isEmpty())
                .findFirst();
    }
}
