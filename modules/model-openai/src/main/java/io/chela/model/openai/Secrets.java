package io.chela.model.openai;

import io.chela.api.Secret;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What a provider's entry has that nobody may read in an error: its key, and every longer word in its
/// headers.
final class Secrets {
    /// Shorter words of a header's value are no secrets: masking them would make errors unreadable.
    static final int MIN_HEADER_WORD = 8;

    private static final String MASK = "***";

    private final List<Secret> secrets;

    private Secrets(List<Secret> secrets) {
        this.secrets = List.copyOf(secrets);
    }

    static Secrets of(OpenAiSettings settings) {
        List<String> words = new ArrayList<>();
        settings.apiKey().map(Secret::reveal).ifPresent(words::add);
        settings.headers().values().stream()
                .flatMap(value -> List.of(value.split("\\s+")).stream())
                .filter(word -> word.length() >= MIN_HEADER_WORD)
                .forEach(words::add);
        words.sort(Comparator.comparingInt(String::length).reversed());
        return new Secrets(words.stream().map(Secret::new).toList());
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
