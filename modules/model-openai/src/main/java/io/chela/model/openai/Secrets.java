package io.chela.model.openai;

import io.chela.api.Secret;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a provider's entry has that nobody may read in an error: its credentials, those of its proxy, and every
/// longer word in its headers and its query.
final class Secrets {
    /// Shorter words of a header's value are no secrets: masking them would make errors unreadable.
    static final int MIN_WORD = 8;

    /// The one part of a query that is worth reading in an error.
    private static final String VERSION = "api-version=";

    private static final String MASK = "***";

    private final List<Secret> secrets;

    private Secrets(List<Secret> secrets) {
        this.secrets = List.copyOf(secrets);
    }

    static Secrets of(RequestHeaders headers, Route route) {
        Stream<String> long_ = Stream.concat(
                        headers.all().values().stream().flatMap(value -> Arrays.stream(value.split("\\s+"))),
                        query(route))
                .filter(word -> word.length() >= MIN_WORD);
        Stream<String> proxy = route.proxy().stream()
                .flatMap(before -> before.secrets().stream())
                .map(Secret::reveal);
        return new Secrets(Stream.of(headers.credentials().stream(), long_, proxy)
                .flatMap(words -> words)
                .filter(word -> !word.isBlank())
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .map(Secret::new)
                .toList());
    }

    private static Stream<String> query(Route route) {
        return Optional.ofNullable(route.server().getRawQuery()).stream()
                .flatMap(query -> Arrays.stream(query.split("&")))
                .filter(part -> !part.startsWith(VERSION))
                .map(part -> part.substring(part.indexOf('=') + 1));
    }

    /// The text with `***` for every secret in it.
    String mask(String text) {
        String masked = text;
        for (Secret secret : secrets) {
            masked = masked.replace(secret.reveal(), MASK);
        }
        return masked;
    }

    @Override
    public String toString() {
        return MASK;
    }
}
