package io.chela.agent.routing;

import java.util.Optional;

/// What a request says about whom it wants; blank values count as absent.
///
/// @param model an agent's name in one of its forms: `openclaw`, `openclaw/<id>`, `openclaw:<id>`,
///     `agent:<id>`, an
///     alias
/// @param agent an agent's id, given beside the model; wins over it
/// @param sessionKey the session to continue, canonical or short
/// @param user the caller's end user: names a session when `sessionKey` does not
public record RouteRequest(
        Optional<String> model, Optional<Named> agent, Optional<Named> sessionKey, Optional<String> user) {
    /// A value and the member or header it came from, for error texts.
    public record Named(String param, String value) {}

    public RouteRequest {
        model = model.filter(value -> !value.isBlank());
        agent = agent.filter(named -> !named.value().isBlank());
        sessionKey = sessionKey.filter(named -> !named.value().isBlank());
        user = user.filter(value -> !value.isBlank());
    }

    /// Names nothing: the default agent, without a session.
    public static RouteRequest none() {
        return new RouteRequest(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }
}
