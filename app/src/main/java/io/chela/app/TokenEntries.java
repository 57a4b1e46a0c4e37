package io.chela.app;

import io.chela.api.Agent;
import io.chela.api.AgentId;
import io.chela.api.Principal;
import io.chela.api.Scope;
import io.chela.api.spi.Settings;
import io.chela.auth.ProxyAuth;
import io.chela.auth.SecretHash;
import io.chela.auth.TokenEntry;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Reads `gateway.auth.tokens`.
final class TokenEntries {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@-]{0,127}");
    private static final Set<Scope> USUAL = Set.of(Scope.READ, Scope.WRITE);

    private final Settings auth;
    private final Set<AgentId> agents;
    private final Set<String> ids = new HashSet<>();
    private final Set<SecretHash> secrets = new HashSet<>();

    TokenEntries(Settings auth, List<Agent> agents) {
        this.auth = auth;
        this.agents = agents.stream().map(Agent::id).collect(Collectors.toSet());
    }

    List<TokenEntry> read() {
        List<TokenEntry> entries = new ArrayList<>();
        for (Settings entry : auth.list("tokens")) {
            entry(entry).ifPresent(entries::add);
        }
        return entries;
    }

    private Optional<TokenEntry> entry(Settings entry) {
        String id = id(entry);
        Optional<SecretHash> hash = hash(entry);
        if (hash.isPresent() && !secrets.add(hash.get())) {
            entry.refuse(entry.keys().contains("token") ? "token" : "tokenHash", "is another's too");
        }
        Set<Scope> scopes = scopes(entry);
        Set<AgentId> mayUse = agents(entry);
        Optional<Instant> expires = entry.parsed(
                "expires",
                Optional.empty(),
                "must be a date and time with its offset, such as 2027-01-31T00:00:00Z",
                text -> Optional.of(Optional.of(instant(text))));
        return hash.filter(_ -> !id.isBlank())
                .map(secret -> new TokenEntry(secret, new Principal(id, scopes, mayUse), expires));
    }

    private String id(Settings entry) {
        String id = entry.required("id");
        if (id.isBlank()) {
            return "";
        }
        if (id.equalsIgnoreCase(Principal.OPERATOR) || id.startsWith(ProxyAuth.USER)) {
            entry.refuse(
                    "id",
                    "is reserved: '" + Principal.OPERATOR + "' and what begins with '" + ProxyAuth.USER
                            + "' have owners already");
        } else if (!ID.matcher(id).matches()) {
            entry.refuse("id", "must match " + ID.pattern() + ", not '" + id + "'");
        } else if (!ids.add(id)) {
            entry.refuse("id", "is the id of another entry too");
        }
        return id;
    }

    private static Optional<SecretHash> hash(Settings entry) {
        boolean plain = entry.keys().contains("token");
        boolean hashed = entry.keys().contains("tokenHash");
        Optional<SecretHash> ofPlain = OwnSecrets.secret(entry, "token").map(SecretHash::of);
        Optional<SecretHash> ofHash = entry.text("tokenHash").flatMap(SecretHash::parse);
        if (plain == hashed) {
            entry.refuse("token", plain ? "must not stand beside tokenHash" : "is missing; or give tokenHash");
        } else if (hashed && ofHash.isEmpty()) {
            entry.refuse("tokenHash", "must be sha256: and the 64 hexadecimal digits of the secret's SHA-256");
        }
        return ofPlain.or(() -> ofHash);
    }

    private static Set<Scope> scopes(Settings entry) {
        List<String> names = entry.textList("scopes");
        if (!entry.keys().contains("scopes")) {
            return USUAL;
        }
        Set<Scope> scopes = new HashSet<>();
        for (String name : names) {
            Scope.parse(name)
                    .ifPresentOrElse(
                            scopes::add,
                            () -> entry.refuse("scopes", "has no scope '" + name + "'; known: " + known()));
        }
        return scopes;
    }

    private static String known() {
        return java.util.Arrays.stream(Scope.values()).map(Scope::wire).collect(Collectors.joining(", "));
    }

    /// An empty set means all agents, so an empty list, which could mean none, is refused.
    private Set<AgentId> agents(Settings entry) {
        List<String> names = entry.textList("agents");
        if (names.isEmpty() && entry.keys().contains("agents")) {
            entry.refuse("agents", "must name an agent; leave it out for all");
        }
        Set<AgentId> mayUse = new HashSet<>();
        for (String name : names) {
            AgentId.parse(name)
                    .filter(agents::contains)
                    .ifPresentOrElse(mayUse::add, () -> entry.refuse("agents", "has no agent '" + name + "' to name"));
        }
        return mayUse;
    }

    private static Instant instant(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("no date", e);
        }
    }
}
