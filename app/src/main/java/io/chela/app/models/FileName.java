package io.chela.app.models;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// The name that a fetched file gets: what the URL ends with, where that is the name of a model file.
public final class FileName {
    private static final Pattern GOOD = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._+@=() -]{0,180}\\.(?i:gguf)");

    private FileName() {}

    /// A file to fetch from a URL.
    ///
    /// @throws IllegalArgumentException when one of them cannot be used; the message says what it must be
    public static ModelFile of(String url, String sha256) {
        URI uri = url(url);
        String hash = sha256.toLowerCase(java.util.Locale.ROOT);
        if (!Catalogue.SHA256.matcher(hash).matches()) {
            throw new IllegalArgumentException(
                    "--sha256 must be the 64 hexadecimal digits of the file's SHA-256, which its page shows");
        }
        String path = Optional.ofNullable(uri.getPath()).orElse("");
        String file = path.substring(path.lastIndexOf('/') + 1);
        mistake(file).ifPresent(mistake -> {
            throw new IllegalArgumentException("the last part of the URL " + mistake);
        });
        return new ModelFile(file, OptionalLong.empty(), hash, false, new ModelFile.Source.Web(uri));
    }

    /// What is wrong with the name of a model file.
    static Optional<String> mistake(String file) {
        return GOOD.matcher(file).matches() && !file.contains("..")
                ? Optional.empty()
                : Optional.of(
                        "must be the name of a model file, which ends in .gguf and begins with a letter or a digit");
    }

    /// Reads the URL of a file.
    ///
    /// @throws IllegalArgumentException when it is no http or https URL; the message says so
    static URI url(String text) {
        URI url;
        try {
            url = new URI(text);
        } catch (URISyntaxException _) {
            throw new IllegalArgumentException("it must be an http or https URL");
        }
        boolean web = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
        if (!web || url.getHost() == null) {
            throw new IllegalArgumentException("it must be an http or https URL");
        }
        if (url.getUserInfo() != null) {
            throw new IllegalArgumentException("the URL must not hold a password: others on this machine can see it");
        }
        return url;
    }
}
