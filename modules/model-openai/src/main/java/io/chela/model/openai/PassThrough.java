package io.chela.model.openai;

import io.chela.api.spi.Settings;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Which members of a caller's request go to a provider.
///
/// @param named the members it names
/// @param listedOnly whether these alone go, else all the others do
record PassThrough(Set<String> named, boolean listedOnly) {
    /// What would lead a request to another server, model or account than the configured one, or names the
    /// caller's own user.
    static final Set<String> KEPT_BACK =
            Set.of("api_base", "api_key", "base_url", "models", "route", "fallbacks", "plugins", "user");

    /// All but [#KEPT_BACK].
    static final PassThrough ALL = new PassThrough(KEPT_BACK, false);

    static final PassThrough NONE = new PassThrough(Set.of(), true);

    /// What the gateway alone says.
    private static final Set<String> OURS = Set.of("model", "messages", "stream");

    PassThrough {
        named = Set.copyOf(named);
    }

    boolean lets(String member) {
        return !OURS.contains(member) && named.contains(member) == listedOnly;
    }

    /// Reads `passThrough`: `all`, `none`, or a list of members.
    static PassThrough read(Settings settings) {
        if (settings.isList("passThrough")) {
            Set<String> named = settings.textList("passThrough").stream().collect(Collectors.toSet());
            named.stream()
                    .filter(OURS::contains)
                    .sorted()
                    .forEach(member ->
                            settings.refuse("passThrough", "must not name " + member + ", which is the gateway's"));
            return new PassThrough(named, true);
        }
        String word = settings.parsed(
                "passThrough",
                "all",
                "must be all, none or a list of members",
                text -> Optional.of(text).filter(Set.of("all", "none")::contains));
        return word.equals("all") ? ALL : NONE;
    }
}
