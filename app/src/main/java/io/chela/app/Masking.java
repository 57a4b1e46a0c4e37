package io.chela.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/// Takes out of a text what is a secret, or looks like one: the second line of defence, since nobody should log
/// one. Safe for many threads.
final class Masking {
    /// How many secrets are known at most; the shapes below still catch what more there are.
    static final int MAX_SECRETS = 256;

    /// What is shorter is in many words and would make the log unreadable.
    static final int MIN_LENGTH = 6;

    private static final String MASK = "***";

    private static final Comparator<String> LONGEST_FIRST =
            Comparator.comparingInt(String::length).reversed();

    private record Shape(Pattern pattern, String replacement) {}

    private static final String NAMES = "api[-_]?key|access[-_]?token|auth[-_]?token|token|secret|password|passwd|pwd"
            + "|credential|authorization|signature|sig|key";

    private static final List<Shape> SHAPES = List.of(
            new Shape(Pattern.compile("(?i)\\b(bearer|basic)((?:\\s|%20|[+:=])+)[a-z0-9._~+/=-]{4,}"), "$1$2" + MASK),
            new Shape(Pattern.compile("(?i)\\bsk-[a-z0-9_-]{4,}"), "sk-" + MASK),
            new Shape(Pattern.compile("://[^/\\s@?#]{1,512}@"), "://" + MASK + "@"),
            new Shape(
                    Pattern.compile("(?i)([?&;](?:[a-z0-9_.-]{0,32}[._-])?(?:" + NAMES + ")=)[^&\\s\"'#]+"),
                    "$1" + MASK),
            new Shape(
                    Pattern.compile("(?i)(\\b(?:" + NAMES + ")\"?\\s{0,4}[:=]\\s{0,4}\"?)[^\\s\"',}&]{4,}"),
                    "$1" + MASK));

    private volatile List<String> secrets = List.of();

    /// A masking that knows no secret yet.
    static Masking nothing() {
        return new Masking();
    }

    /// Adds a secret, as it is and as a URL has it; short ones are left alone.
    synchronized void hide(String secret) {
        List<String> more = new ArrayList<>(secrets);
        for (String form : List.of(secret, URLEncoder.encode(secret, UTF_8))) {
            if (form.length() >= MIN_LENGTH && more.size() < MAX_SECRETS && !more.contains(form)) {
                more.add(form);
            }
        }
        more.sort(LONGEST_FIRST);
        secrets = List.copyOf(more);
    }

    /// Hides what these do, and no more: what was a secret long ago would else take the room of those that
    /// are.
    void hideOnly(List<Masking> others) {
        List<String> all = others.stream()
                .flatMap(other -> other.secrets.stream())
                .distinct()
                .limit(MAX_SECRETS)
                .sorted(LONGEST_FIRST)
                .toList();
        synchronized (this) {
            secrets = all;
        }
    }

    String mask(String text) {
        String masked = text;
        for (String secret : secrets) {
            masked = masked.replace(secret, MASK);
        }
        return mayHoldAShape(masked) ? withoutShapes(masked) : masked;
    }

    private static String withoutShapes(String text) {
        String masked = text;
        for (Shape shape : SHAPES) {
            masked = shape.pattern().matcher(masked).replaceAll(shape.replacement());
        }
        return masked;
    }

    /// Every shape has one of these characters, and most values of a line have none.
    private static boolean mayHoldAShape(String text) {
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case ' ', '=', ':', '%', '+', '\t' -> {
                    return true;
                }
                case '-' -> {
                    if (i >= 2 && text.regionMatches(true, i - 2, "sk", 0, 2)) {
                        return true;
                    }
                }
                default -> {}
            }
        }
        return false;
    }
}
