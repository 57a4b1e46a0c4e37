package io.chela.model.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chela.api.Secret;
import io.chela.api.spi.Settings;
import java.net.URI;
import java.net.URLDecoder;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// A proxy that opens tunnels by `CONNECT`. Source: RFC 9110, 9.3.6 and 11.7.
///
/// @param host without brackets
/// @param tls how it is spoken to itself; absent for a proxy of `http`
/// @param authorization what `Proxy-Authorization` says; absent when its URL has no user
/// @param secrets the password on its own and what is sent of it, for errors to mask
record HttpProxy(String host, int port, Optional<TlsTerms> tls, Optional<Secret> authorization, List<Secret> secrets) {
    private static final String EXPLICIT = "explicit-proxy";
    private static final String ENVIRONMENT = "env-proxy";
    private static final String RULE = "must be a URL such as http://proxy:3128 or http://user:password@proxy:3128"
            + " (https works, too), with percent signs for what is special in the password";

    private static final Pattern SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*://.*");
    private static final int MAX_PORT = 65_535;

    HttpProxy {
        secrets = List.copyOf(secrets);
    }

    /// Reads a `request.proxy` object.
    ///
    /// @param server who is to be reached: with `env-proxy` it decides whether there is a proxy at all
    static Optional<HttpProxy> read(Settings proxy, URI server, Map<String, String> environment) {
        if (!proxy.exists()) {
            return Optional.empty();
        }
        TlsTerms tls = TlsTerms.read(proxy.at("tls"));
        return switch (proxy.text("mode").orElse("")) {
            case EXPLICIT -> explicit(proxy, tls);
            case ENVIRONMENT ->
                ProxyVariables.find(server, environment)
                        .flatMap(found ->
                                parsed(proxy, "mode", found.name() + " in the environment ", found.value(), tls));
            default -> {
                proxy.leave("url");
                proxy.refuse("mode", "must be " + EXPLICIT + " (with url) or " + ENVIRONMENT);
                yield Optional.empty();
            }
        };
    }

    private static Optional<HttpProxy> explicit(Settings proxy, TlsTerms tls) {
        Optional<String> url = proxy.text("url");
        if (url.isEmpty()) {
            proxy.refuse("url", "is missing, such as http://proxy:3128");
            return Optional.empty();
        }
        Optional<HttpProxy> read = parsed(proxy, "url", "", url.get(), tls);
        if (tls.isParticular() && read.isPresent() && read.get().tls().isEmpty()) {
            proxy.refuse(
                    "tls",
                    "has no meaning for a proxy of http; what is about the server itself belongs into request.tls");
        }
        return read;
    }

    /// The mistake does not repeat the text, which may have a password.
    private static Optional<HttpProxy> parsed(Settings proxy, String key, String subject, String text, TlsTerms tls) {
        Optional<HttpProxy> parsed = parse(text, tls);
        if (parsed.isEmpty()) {
            proxy.refuse(key, subject + RULE);
        }
        return parsed;
    }

    /// @param text a URL, whose `http://` may be left out, as other programs allow it
    private static Optional<HttpProxy> parse(String text, TlsTerms tls) {
        try {
            URI url = URI.create(SCHEME.matcher(text).matches() ? text : "http://" + text);
            boolean secure = "https".equals(url.getScheme());
            int port = Route.port(url);
            boolean bare = url.getRawPath().matches("/?") && url.getRawQuery() == null && url.getRawFragment() == null;
            if (!bare || !(secure || "http".equals(url.getScheme())) || url.getHost() == null) {
                return Optional.empty();
            }
            return port < 1 || port > MAX_PORT
                    ? Optional.empty()
                    : Optional.of(of(url, port, secure ? Optional.of(tls) : Optional.empty()));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static HttpProxy of(URI url, int port, Optional<TlsTerms> tls) {
        String host = Route.withoutBrackets(url.getHost());
        if (url.getRawUserInfo() == null) {
            return new HttpProxy(host, port, tls, Optional.empty(), List.of());
        }
        String[] user = url.getRawUserInfo().split(":", 2);
        String name = decoded(user[0]);
        String password = user.length == 1 ? "" : decoded(user[1]);
        String basic = Base64.getEncoder().encodeToString((name + ":" + password).getBytes(UTF_8));
        return new HttpProxy(
                host,
                port,
                tls,
                Optional.of(new Secret("Basic " + basic)),
                List.of(basic, password).stream()
                        .filter(text -> !text.isBlank())
                        .map(Secret::new)
                        .toList());
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), UTF_8); // a plus is a plus in a URL's user
    }

    /// `host:port`, without a credential.
    String address() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
