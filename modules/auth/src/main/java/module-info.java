/// Turns what callers show into principals, and slows those who guess.
///
/// helidon-security is the identity model: a provider answers with a `Subject` whose grants are scopes and
/// agents, and any `AuthenticationProvider` can take the place of ours.
@org.jspecify.annotations.NullMarked
module io.chela.auth {
    requires static org.jspecify;
    requires transitive io.chela.api;
    requires transitive io.helidon.security;

    exports io.chela.auth;
}
