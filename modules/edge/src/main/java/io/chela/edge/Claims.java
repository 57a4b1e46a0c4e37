package io.chela.edge;

import io.chela.auth.Authenticator;
import io.chela.auth.Caller;
import io.chela.auth.Claim;
import io.chela.auth.Departure;
import io.chela.auth.Origins;
import io.helidon.http.Header;
import io.helidon.webserver.http.ServerRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Takes from a request and its connection what decides who calls.
final class Claims {
    private static final String FORWARDED_HOST = "x-forwarded-host";
    private static final String HOST = "host";
    private static final String ORIGIN = "origin";

    private Claims() {}

    static Claim of(ServerRequest request, Authenticator authenticator) {
        Line line = Line.CURRENT.get();
        Map<String, List<String>> headers = headers(request);
        Caller caller = authenticator.caller(line.remoteInet(), headers);
        line.attach(Caller.class, caller); // for the access log
        return new Claim(caller, headers, departure(line));
    }

    private static Map<String, List<String>> headers(ServerRequest request) {
        Map<String, List<String>> headers = new HashMap<>();
        for (Header header : request.headers()) {
            headers.put(header.name().toLowerCase(Locale.ROOT), header.allValues());
        }
        return headers;
    }

    private static Departure departure(Line line) {
        return action -> {
            Watch watch = line.onHangup(action);
            return watch::close;
        };
    }

    /// Tells whether the page that a browser names in `Origin`, if it does, may come.
    static boolean isAllowedPage(Claim claim, Origins origins) {
        Caller caller = claim.caller();
        Optional<String> host =
                first(claim, FORWARDED_HOST).filter(_ -> caller.proxied()).or(() -> first(claim, HOST));
        return first(claim, ORIGIN)
                .map(origin ->
                        origins.allow(origin, host.orElse(""), caller.peer().isLoopbackAddress()))
                .orElse(true);
    }

    /// Tells whether the caller names this machine as such, if that is where it is. A page whose own name was
    /// made to point here sends that name, and no `Origin` with a plain GET.
    static boolean isAllowedHost(Claim claim, Origins origins) {
        // Not local(): a page of this machine's browser can write forwarding headers, and would not be local then.
        return claim.caller().proxied()
                || !claim.caller().peer().isLoopbackAddress()
                || first(claim, HOST).filter(origins::allowHost).isPresent();
    }

    private static Optional<String> first(Claim claim, String header) {
        return claim.headers().getOrDefault(header, List.of()).stream().findFirst();
    }
}
