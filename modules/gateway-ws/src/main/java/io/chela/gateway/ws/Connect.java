package io.chela.gateway.ws;

import io.chela.api.Json;
import io.chela.api.Principal;
import io.chela.api.Problem;
import io.chela.api.Scope;
import io.chela.auth.AuthResult;
import io.chela.auth.Authenticator;
import io.chela.auth.Claim;
import io.chela.edge.CloseCode;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a `connect` request is granted. Source: Gateway protocol, "Handshake" and "Authentication".
///
/// @param scopes what the client asked for and its credential has
/// @param claim what it showed
/// @param by who granted it
record Connect(Claim claim, AuthResult.Granted granted, Set<Scope> scopes, Authenticator by) {
    static final int PROTOCOL = 4;

    /// Frames have not changed since version 3, so clients that stop there are served too.
    private static final int OLDEST_CLIENT = 3;

    /// Ends the handshake.
    static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient ErrorShape error;
        private final int closeCode;

        Refused(int closeCode, ErrorShape error) {
            super(error.message(), null, false, false);
            this.error = error;
            this.closeCode = closeCode;
        }

        ErrorShape error() {
            return error;
        }

        int closeCode() {
            return closeCode;
        }
    }

    /// @throws Refused when the request is no connect, speaks another version, or its credential is missing
    ///     or wrong
    static Connect read(Request request, Claim claim, Authenticator authenticator) {
        if (!request.method().equals("connect")) {
            throw refused("invalid handshake: first request must be connect");
        }
        ObjectNode params = request.params();
        checkProtocol(params);
        String role = text(params, "", "role").orElse("operator");
        if (!role.equals("operator")) {
            throw refused("invalid role");
        }
        checkScopes(params.path("scopes"));
        Claim shown = claim.withSecret(secret(params.path("auth")));
        var granted = granted(params.path("auth"), shown, authenticator);
        return new Connect(shown, granted, scopes(params.path("scopes"), granted.principal()), authenticator);
    }

    private static void checkProtocol(ObjectNode params) {
        JsonNode oldest = params.path("minProtocol");
        JsonNode newest = params.path("maxProtocol");
        if (!oldest.canConvertToLong() || !newest.canConvertToLong()) {
            throw refused("invalid connect params: must have required property 'minProtocol' and 'maxProtocol'");
        }
        if (oldest.longValue() > PROTOCOL || newest.longValue() < OLDEST_CLIENT) {
            throw new Refused(
                    CloseCode.PROTOCOL_ERROR,
                    ErrorShape.invalid(
                            "protocol mismatch",
                            Json.object()
                                    .put("code", "PROTOCOL_MISMATCH")
                                    .put("clientMinProtocol", oldest.longValue())
                                    .put("clientMaxProtocol", newest.longValue())
                                    .put("expectedProtocol", PROTOCOL)
                                    .put("minimumProbeProtocol", OLDEST_CLIENT)));
        }
    }

    /// Taken from either member: clients send it in both or in one.
    private static Optional<String> secret(JsonNode auth) {
        if (!auth.isObject() && isGiven(auth)) {
            throw mistaken("/auth", "object");
        }
        return text(auth, "/auth", "token").or(() -> text(auth, "/auth", "password"));
    }

    private static AuthResult.Granted granted(JsonNode auth, Claim shown, Authenticator authenticator) {
        Optional<String> token = text(auth, "/auth", "token");
        return switch (authenticator.check(shown)) {
            case AuthResult.Granted granted -> granted;
            case AuthResult.Denied(Problem.RateLimited limited) -> throw limited(limited);
            case AuthResult.Denied _
            when secret(auth).isEmpty() ->
                throw denied("unauthorized: gateway token missing", "AUTH_TOKEN_MISSING", "token_missing");
            case AuthResult.Denied _ ->
                throw token.isPresent()
                        ? denied("unauthorized: gateway token mismatch", "AUTH_TOKEN_MISMATCH", "token_mismatch")
                        : denied(
                                "unauthorized: gateway password mismatch",
                                "AUTH_PASSWORD_MISMATCH",
                                "password_mismatch");
        };
    }

    private static Refused limited(Problem.RateLimited limited) {
        ObjectNode details = Json.object()
                .put("code", "AUTH_RATE_LIMITED")
                .put("authReason", "rate_limited")
                .put("canRetryWithDeviceToken", false)
                .put("recommendedNextStep", "wait_then_retry");
        return new Refused(
                CloseCode.POLICY_VIOLATION,
                new ErrorShape(
                        ErrorShape.INVALID_REQUEST,
                        "unauthorized: " + limited.message(),
                        Optional.of(details),
                        Optional.of(limited.retryAfter())));
    }

    /// A text that is not blank; anything else but null is a mistake.
    private static Optional<String> text(JsonNode object, String path, String member) {
        JsonNode value = object.path(member);
        if (!value.isString() && isGiven(value)) {
            throw mistaken(path + "/" + member, "string");
        }
        return Optional.of(value.stringValue("")).filter(text -> !text.isBlank());
    }

    private static void checkScopes(JsonNode asked) {
        if (!asked.isArray() && isGiven(asked)) {
            throw mistaken("/scopes", "array");
        }
        for (int i = 0; i < asked.size(); i++) {
            if (!asked.get(i).isString()) {
                throw mistaken("/scopes/" + i, "string");
            }
        }
    }

    private static boolean isGiven(JsonNode value) {
        return !value.isMissingNode() && !value.isNull();
    }

    private static Refused mistaken(String path, String wanted) {
        return refused("invalid connect params: at " + path + ": must be " + wanted);
    }

    private static Set<Scope> scopes(JsonNode asked, Principal principal) {
        Set<Scope> granted = EnumSet.noneOf(Scope.class);
        if (!asked.isArray()) {
            granted.addAll(principal.scopes());
            return granted;
        }
        for (JsonNode scope : asked) {
            Scope.parse(scope.stringValue("")).filter(principal::has).ifPresent(granted::add);
        }
        return granted;
    }

    private static Refused denied(String message, String code, String reason) {
        return new Refused(
                CloseCode.POLICY_VIOLATION,
                ErrorShape.invalid(
                        message,
                        Json.object()
                                .put("code", code)
                                .put("authReason", reason)
                                .put("canRetryWithDeviceToken", false)
                                .put("recommendedNextStep", "update_auth_credentials")));
    }

    private static Refused refused(String message) {
        return new Refused(CloseCode.POLICY_VIOLATION, ErrorShape.invalid(message));
    }
}
