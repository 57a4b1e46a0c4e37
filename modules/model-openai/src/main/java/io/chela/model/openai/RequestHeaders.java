package io.chela.model.openai;

import io.chela.api.spi.Settings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The headers that a provider's entry adds to every call, the credential among them.
///
/// @param all by name, without regard to its case
/// @param credentials the values that prove who we are, on their own
record RequestHeaders(Map<String, String> all, List<String> credentials) {
    private static final String AUTHORIZATION = "Authorization";

    /// RFC 9110, 5.1 and 5.5, without its obsolete parts.
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7E\\t]*");

    /// They say where a message ends, whom it is for and what the connection does. RFC 9110, 7.6.1 and 8.6.
    private static final Set<String> OURS = Set.of(
            "connection",
            "content-length",
            "expect",
            "host",
            "keep-alive",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    RequestHeaders {
        all = Collections.unmodifiableMap(copy(all));
        credentials = List.copyOf(credentials);
    }

    private static Map<String, String> copy(Map<String, String> headers) {
        Map<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        copy.putAll(headers);
        return copy;
    }

    /// Reads `apiKey`, `authHeader`, `headers`, `request.headers` and `request.auth`; each goes before those named
    /// before it.
    static RequestHeaders read(Settings settings, Settings request) {
        Map<String, String> all = copy(Map.of());
        List<String> credentials = new ArrayList<>();
        boolean bearer = settings.flag("authHeader", true);
        apiKey(settings).ifPresent(key -> {
            credentials.add(key);
            if (bearer) {
                all.put(AUTHORIZATION, "Bearer " + key);
            }
        });
        add(settings, all);
        add(request, all);
        authenticate(request.at("auth"), all, credentials);
        return new RequestHeaders(all, credentials);
    }

    private static Optional<String> apiKey(Settings settings) {
        return settings.text("apiKey")
                .map(String::strip)
                .filter(text -> !text.isEmpty() && !text.equals("none"))
                .filter(text -> isValue(settings, "apiKey", text));
    }

    private static void add(Settings settings, Map<String, String> all) {
        Settings headers = settings.at("headers");
        settings.texts("headers").forEach((name, value) -> {
            if (isName(headers, name, name) && isValue(headers, name, value)) {
                all.put(name, value);
            }
        });
    }

    private static void authenticate(Settings auth, Map<String, String> all, List<String> credentials) {
        if (!auth.exists()) {
            return;
        }
        switch (auth.text("mode").orElse("")) {
            case "provider-default" -> {}
            case "authorization-bearer" ->
                credential(auth, "token").ifPresent(token -> {
                    credentials.add(token);
                    all.put(AUTHORIZATION, "Bearer " + token);
                });
            case "header" -> {
                String name = auth.required("headerName");
                String prefix = auth.text("prefix").orElse("");
                boolean sound = !name.isBlank() && isName(auth, "headerName", name) && isValue(auth, "prefix", prefix);
                credential(auth, "value").filter(_ -> sound).ifPresent(value -> {
                    credentials.add(value);
                    all.remove(AUTHORIZATION);
                    all.put(name, prefix + value);
                });
            }
            default -> {
                List.of("token", "headerName", "value", "prefix").forEach(auth::leave);
                auth.refuse(
                        "mode",
                        "must be provider-default, authorization-bearer (with token) or header (with headerName and"
                                + " value)");
            }
        }
    }

    private static Optional<String> credential(Settings auth, String key) {
        return Optional.of(auth.required(key)).filter(text -> !text.isBlank() && isValue(auth, key, text));
    }

    private static boolean isName(Settings at, String key, String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.equals("proxy-authorization")) {
            at.refuse(key, "is for the proxy alone; write the user and password into request.proxy.url");
        } else if (OURS.contains(lower)) {
            at.refuse(key, "cannot be set: it belongs to the connection itself; leave it out");
        } else if (!NAME.matcher(name).matches()) {
            at.refuse(key, "is no name of an HTTP header");
        } else {
            return true;
        }
        return false;
    }

    private static boolean isValue(Settings at, String key, String value) {
        boolean sound = VALUE.matcher(value).matches();
        if (!sound) {
            at.refuse(key, "must be printable ASCII, on one line");
        }
        return sound;
    }
}
