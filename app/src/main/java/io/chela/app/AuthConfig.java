package io.chela.app;

import io.chela.api.Agent;
import io.chela.api.Secret;
import io.chela.api.spi.Settings;
import io.chela.auth.Origins;
import io.chela.auth.ProxyAuth;
import io.chela.auth.RateLimit;
import io.chela.auth.TokenEntry;
import io.chela.auth.TrustedProxies;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Who may use the gateway: `gateway.auth`, `gateway.trustedProxies`, `gateway.controlUi.allowedOrigins`.
///
/// @param own the token or password that is configured; empty in mode token when one is to be made
/// @param entries the credentials of `gateway.auth.tokens`
/// @param proxy the rules of mode trusted-proxy, and only of it
/// @param withMode the keys that change only together with the mode, each with what it says
record AuthConfig(
        AuthMode mode,
        Optional<OwnSecret> own,
        List<TokenEntry> entries,
        Optional<ProxyAuth.Rules> proxy,
        RateLimit rateLimit,
        TrustedProxies proxies,
        Origins origins,
        Map<String, Object> withMode) {
    static final String MODE = "gateway.auth.mode";
    static final String NAMES = "must be token, password, none or trusted-proxy";

    private static final int MOST_SECONDS = 24 * 60 * 60;

    /// The gateway's own secret.
    ///
    /// @param name of the key, variable or option that says it
    /// @param variable that holds it in the shell that started this
    record OwnSecret(Secret secret, String name, Optional<String> variable) {}

    /// Reads the keys; mistakes stay in `settings`.
    ///
    /// @param bind where the gateway will listen, whoever said so
    static AuthConfig read(Settings settings, List<Agent> agents, List<String> bind, OwnSecrets.Sources sources) {
        Settings gateway = settings.at("gateway");
        Settings auth = gateway.at("auth");
        Settings proxy = auth.at("trustedProxy");
        var secrets = OwnSecrets.read(auth, sources);
        AuthMode mode = auth.parsed("mode", secrets.mode(), NAMES, AuthMode::parse);
        List<TokenEntry> entries = new TokenEntries(auth, agents).read();
        List<String> ranges = ranges(gateway);
        var rules = new ProxyAuth.Rules(
                proxy.text("userHeader").orElse("").strip(),
                proxy.textList("requiredHeaders"),
                Set.copyOf(proxy.textList("allowUsers")),
                proxy.flag("allowLoopback", false));
        List<String> origins = gateway.at("controlUi").textList("allowedOrigins");
        boolean realIp = gateway.flag("allowRealIpFallback", false);
        var config = new AuthConfig(
                mode,
                secrets.of(mode),
                entries,
                Optional.of(rules).filter(_ -> mode == AuthMode.TRUSTED_PROXY),
                rateLimit(auth.at("rateLimit")),
                TrustedProxies.of(ranges, realIp),
                new Origins(new LinkedHashSet<>(origins)),
                Map.of(
                        "gateway.auth.token", secrets.token().map(OwnSecret::secret),
                        "gateway.auth.password", secrets.password().map(OwnSecret::secret),
                        "gateway.auth.trustedProxy", rules,
                        "gateway.trustedProxies", ranges,
                        "gateway.allowRealIpFallback", realIp,
                        "gateway.controlUi.allowedOrigins", origins));
        new AuthMistakes(gateway, auth, secrets).find(config, bind);
        return config;
    }

    /// This one; while its mode is a different one, with the mode of another, its secret, and whom it trusts:
    /// what was written for one mode may let anybody in by another.
    AuthConfig keeping(AuthConfig other) {
        return mode == other.mode
                ? this
                : new AuthConfig(
                        other.mode,
                        other.own,
                        entries,
                        other.proxy,
                        rateLimit,
                        other.proxies,
                        other.origins,
                        other.withMode);
    }

    private static List<String> ranges(Settings gateway) {
        List<String> ranges = gateway.textList("trustedProxies");
        ranges.stream()
                .filter(text -> !TrustedProxies.isRange(text))
                .forEach(text -> gateway.refuse(
                        "trustedProxies",
                        "must be addresses such as 10.0.0.7 or ranges such as 10.0.0.0/8, not '" + text + "'"));
        return ranges;
    }

    private static RateLimit rateLimit(Settings limit) {
        RateLimit defaults = RateLimit.DEFAULTS;
        return RateLimit.of(
                limit.integer("maxAttempts", defaults.maxAttempts(), 1, RateLimit.MOST_ATTEMPTS),
                millis(limit, "windowMs", defaults.window()),
                millis(limit, "lockoutMs", defaults.lockout()),
                limit.flag("exemptLoopback", defaults.exemptLoopback()));
    }

    private static Duration millis(Settings limit, String key, Duration fallback) {
        return Duration.ofMillis(limit.integer(key, (int) fallback.toMillis(), 1, MOST_SECONDS * 1_000));
    }
}
