package io.chela.app.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a `.env` file: `NAME=value` lines, perhaps after `export`; `#` begins a comment. A value may stand
/// in single quotes, as it is, or in double quotes, where `\n`, `\"` and `\\` are read; without quotes it
/// ends before ` #`.
final class DotEnv {
    private static final Pattern LINE = Pattern.compile("(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)\\s*=\\s*(.*)");
    private static final Pattern SINGLE = Pattern.compile("'([^']*)'\\s*(?:#.*)?");
    private static final Pattern DOUBLE = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"\\s*(?:#.*)?");
    private static final Pattern COMMENT = Pattern.compile("(?:^|\\s+)#.*$");

    private DotEnv() {}

    /// The file's values; none, and perhaps a mistake, when it is not there or cannot be read. A later line
    /// of the same name counts.
    static Map<String, String> read(Path file, Mistakes mistakes) {
        Map<String, String> values = new LinkedHashMap<>();
        if (!Files.exists(file)) {
            return values;
        }
        try {
            int number = 0;
            for (String line : TextFile.read(file).lines().map(String::strip).toList()) {
                number++;
                if (!line.isEmpty() && !line.startsWith("#") && !take(line, values)) {
                    mistakes.add(file + ": line " + number
                            + " must be NAME=value, with the value on one line and its quotes closed");
                }
            }
        } catch (BadFileException e) {
            mistakes.add(file + " " + e.reason());
        }
        return values;
    }

    private static boolean take(String line, Map<String, String> values) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            return false;
        }
        String text = parts.group(2);
        if (text.startsWith("'") || text.startsWith("\"")) {
            Matcher quoted = (text.startsWith("'") ? SINGLE : DOUBLE).matcher(text);
            if (!quoted.matches()) {
                return false;
            }
            values.put(parts.group(1), text.startsWith("'") ? quoted.group(1) : unescaped(quoted.group(1)));
            return true;
        }
        values.put(parts.group(1), COMMENT.matcher(text).replaceFirst("").strip());
        return true;
    }

    private static String unescaped(String text) {
        var plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                c = text.charAt(++i);
                plain.append(c == 'n' ? "\n" : c == '"' || c == '\\' || c == '$' ? String.valueOf(c) : "\\" + c);
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}
