package io.chela.app;

import io.chela.api.spi.Settings;
import io.chela.auth.SecretHash;
import java.net.InetAddress;
import java.util.List;

/// Finds what does not go together in `gateway.auth`: the gateway does not start open by accident.
final class AuthMistakes {
    private final Settings gateway;
    private final Settings auth;
    private final OwnSecrets secrets;

    AuthMistakes(Settings gateway, Settings auth, OwnSecrets secrets) {
        this.gateway = gateway;
        this.auth = auth;
        this.secrets = secrets;
    }

    void find(AuthConfig config, List<String> bind) {
        if (!secrets.modeIsSet()
                && secrets.token().isPresent()
                && secrets.password().isPresent()) {
            auth.refuse("mode", "is missing, and both a token and a password are set; say which of them counts");
        }
        switch (config.mode()) {
            case TOKEN -> {}
            case PASSWORD -> password(config);
            case NONE -> none(config, bind);
            case TRUSTED_PROXY -> proxy(config);
        }
        if (config.own()
                .map(own -> SecretHash.of(own.secret().reveal()))
                .filter(own ->
                        config.entries().stream().anyMatch(entry -> entry.hash().equals(own)))
                .isPresent()) {
            auth.refuse("tokens", "has an entry with the gateway's own secret");
        }
    }

    private void password(AuthConfig config) {
        if (config.own().isEmpty() && !auth.keys().contains("password")) {
            auth.refuse(
                    "password",
                    "is missing; set it, or " + OwnSecrets.PASSWORD_VARIABLE + ", or choose another gateway.auth.mode");
        }
    }

    private void none(AuthConfig config, List<String> bind) {
        if (!bind.stream().allMatch(AuthMistakes::isLoopback)) {
            auth.refuse(
                    "mode",
                    "must not be none when the gateway listens beyond this machine, on " + String.join(", ", bind));
        }
        if (!config.entries().isEmpty()) {
            auth.refuse("tokens", "has no effect with gateway.auth.mode none");
        }
    }

    private void proxy(AuthConfig config) {
        if (secrets.token().isPresent() || !config.entries().isEmpty()) {
            auth.refuse(
                    "mode",
                    "must not be trusted-proxy together with a token; remove gateway.auth.token, "
                            + "gateway.auth.tokens and " + OwnSecrets.TOKEN_VARIABLE);
        }
        if (config.proxies().isEmpty()) {
            gateway.refuse("trustedProxies", "must name the proxy when gateway.auth.mode is trusted-proxy");
        }
        if (config.proxy().orElseThrow().userHeader().isEmpty()) {
            auth.at("trustedProxy").refuse("userHeader", "must name the header in which the proxy names the user");
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return host.equals("localhost") || InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException _) {
            return false; // a name: where it points to may change
        }
    }
}
