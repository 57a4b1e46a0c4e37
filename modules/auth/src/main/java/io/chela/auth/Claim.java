package io.chela.auth;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a caller shows to be let in.
///
/// @param headers of the request, by their names in lower case; of a WebSocket those of its upgrade
public record Claim(Caller caller, Map<String, List<String>> headers, Departure departure) {
    private static final String AUTHORIZATION = "authorization";
    private static final String SCOPES = "x-openclaw-scopes";

    public Claim {
        headers = Map.copyOf(headers);
    }

    /// The same caller with a secret given elsewhere, as the Gateway protocol's `connect` does; without one,
    /// what its headers carry does not count either.
    public Claim withSecret(Optional<String> secret) {
        var others = new HashMap<>(headers);
        others.remove(AUTHORIZATION);
        secret.ifPresent(value -> others.put(AUTHORIZATION, List.of("Bearer " + value)));
        return new Claim(caller, others, departure);
    }

    Optional<String> secret() {
        return header(AUTHORIZATION).flatMap(Bearer::secret);
    }

    /// The scopes that the request wants to be left with; empty for all it has.
    Optional<String> scopes() {
        return Optional.ofNullable(headers.get(SCOPES)).map(lines -> String.join(",", lines));
    }

    /// A header's first line.
    private Optional<String> header(String name) {
        return headers.getOrDefault(name, List.of()).stream().findFirst();
    }
}
