package io.chela.app;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Finds the secrets of a configuration by the names of their keys, for the log to mask.
final class ConfigSecrets {
    private static final Pattern SECRET = Pattern.compile("(?i).*(token|password|secret|api_?key|authorization)");
    private static final Pattern SECRET_FILE = Pattern.compile("(?i).*(token|password|secret|key)file");

    /// Names of what is not looked for in the log, but is nobody's business.
    private static final Set<String> HIDDEN = Set.of("tokenHash", "key", "passphrase", "prefix");

    private static final Pattern CREDENTIAL = Pattern.compile(".*\\.request\\.auth\\.value");
    private static final List<String> PROXIES = List.of("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY");
    private static final List<String> VARIABLES =
            List.of("OPENCLAW_GATEWAY_TOKEN", "OPENCLAW_GATEWAY_PASSWORD", "OPENAI_API_KEY");

    /// Shorter words of a header or a URL are no secrets.
    private static final int MIN_WORD = 8;

    private static final long MAX_FILE_BYTES = 4096;

    private final Masking masking;

    private ConfigSecrets(Masking masking) {
        this.masking = masking;
    }

    /// @param values of the configuration, by their paths
    static void hide(Map<String, String> values, Map<String, String> environment, Masking masking) {
        VARIABLES.forEach(name -> masking.hide(environment.getOrDefault(name, "")));
        var secrets = new ConfigSecrets(masking);
        PROXIES.forEach(name -> secrets.hideUrl(environment.getOrDefault(name, "")));
        values.forEach(secrets::take);
    }

    /// Hides what a file holds, when it is one line.
    static void hideFile(Path file, Masking masking) {
        try {
            if (Files.isRegularFile(file) && Files.size(file) <= MAX_FILE_BYTES) {
                masking.hide(Files.readString(file).strip());
            }
        } catch (IOException _) {
            // whoever needs the file says what is wrong with it
        }
    }

    /// A value as it may be shown to anybody.
    ///
    /// @param path of the value, as people write it
    static String shown(String path, String value, Masking masking) {
        String name = name(path);
        boolean isSecret = SECRET.matcher(name).matches()
                || HIDDEN.contains(name)
                || CREDENTIAL.matcher(path).matches()
                || path.contains(".headers.");
        return isSecret && !value.isEmpty() ? "***" : masking.mask(value);
    }

    private void take(String path, String value) {
        String name = name(path);
        if (SECRET.matcher(name).matches() || CREDENTIAL.matcher(path).matches()) {
            masking.hide(value);
        } else if (SECRET_FILE.matcher(name).matches()) {
            hideFileNamed(value);
        } else if (path.contains(".headers.")) {
            words(value, "\\s+");
        } else if (value.contains("://")) {
            hideUrl(value);
        }
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    private void hideFileNamed(String value) {
        try {
            hideFile(Path.of(value), masking);
        } catch (InvalidPathException _) {
            // as above
        }
    }

    private void hideUrl(String value) {
        try {
            URI url = URI.create(value);
            words(String.valueOf(url.getUserInfo()), ":");
            for (String pair : String.valueOf(url.getQuery()).split("&", -1)) {
                word(pair.substring(pair.indexOf('=') + 1)); // a name such as api-version is no secret
            }
        } catch (IllegalArgumentException _) {
            // no URL
        }
    }

    private void words(String text, String between) {
        for (String word : text.split(between, -1)) {
            word(word);
        }
    }

    private void word(String word) {
        if (word.length() >= MIN_WORD) {
            masking.hide(word);
        }
    }
}
