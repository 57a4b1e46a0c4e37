package io.chela.model.openai;

import io.chela.api.spi.Settings;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/// How a server is reached.
///
/// @param server its base URL, without a user name; a query in it goes along with every path
/// @param tls the terms of TLS with the server; they matter for an `https` server alone
/// @param proxy what every connection goes through; absent when they are direct
record Route(URI server, TlsTerms tls, Optional<HttpProxy> proxy) {
    private static final URI MISSING = URI.create("http://missing");
    private static final String RULE = "must be an http or https URL, such as http://127.0.0.1:8080/v1";
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;

    /// Reads `baseUrl`, `request.tls` and `request.proxy`.
    static Route read(Settings settings, Settings request, Map<String, String> environment) {
        URI server = baseUrl(settings);
        TlsTerms tls = TlsTerms.read(request.at("tls"));
        if (tls.isParticular() && !isSecure(server)) {
            request.refuse("tls", "has no meaning for a baseUrl of http; write https there, or leave this out");
        }
        return new Route(server, tls, HttpProxy.read(request.at("proxy"), server, environment));
    }

    private static URI baseUrl(Settings settings) {
        Optional<String> text = settings.text("baseUrl");
        if (text.isEmpty()) {
            settings.refuse("baseUrl", "is missing, such as http://127.0.0.1:8080/v1");
            return MISSING;
        }
        try {
            URI uri = URI.create(text.get());
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (http && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawFragment() == null) {
                return uri;
            }
        } catch (IllegalArgumentException _) {
            // the rule says it better than the parser
        }
        settings.refuse("baseUrl", RULE + ", " + found(text.get()));
        return MISSING;
    }

    /// What there is instead, without what may be a password or a key.
    private static String found(String text) {
        return text.contains("@")
                ? "without a user name and password: those belong into apiKey or request.auth"
                : "not '" + text.split("[?#]", 2)[0] + "'";
    }

    private static boolean isSecure(URI server) {
        return "https".equals(server.getScheme());
    }

    boolean isSecure() {
        return isSecure(server);
    }

    /// The server's name or address, that one without brackets.
    String host() {
        return withoutBrackets(server.getHost());
    }

    static String withoutBrackets(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    int port() {
        return port(server);
    }

    /// The port that a URL names, or its scheme's own.
    static int port(URI url) {
        return url.getPort() >= 0 ? url.getPort() : isSecure(url) ? HTTPS_PORT : HTTP_PORT;
    }

    /// What a proxy is asked for: the name and always a port. Source: RFC 9110, 9.3.6.
    String authority() {
        return server.getHost() + ":" + port();
    }

    /// Where the server is and what is before it, without a credential, such as
    /// `example.org:8443 through the proxy proxy:3128`.
    String place() {
        String host = server.getHost() + (server.getPort() < 0 ? "" : ":" + server.getPort());
        return host
                + proxy.map(before -> " through the proxy " + before.address()).orElse("");
    }

    /// The URL of a path below the base URL.
    ///
    /// @param path begins with a slash
    URI url(String path) {
        String base = server.getRawPath().replaceFirst("/+$", "");
        String query = server.getRawQuery() == null ? "" : "?" + server.getRawQuery();
        return URI.create(server.getScheme() + "://" + server.getRawAuthority() + base + path + query);
    }
}
