package io.chela.app;

/// One JSON object on one line, in ASCII alone. Written by hand: a line is made for every request.
final class LogJson {
    private final StringBuilder json = new StringBuilder(256).append('{');

    LogJson text(String name, String value) {
        name(name).append('"');
        value.chars().forEach(this::append);
        json.append('"');
        return this;
    }

    /// @param digits a whole number
    LogJson number(String name, String digits) {
        name(name).append(digits);
        return this;
    }

    String end() {
        return json.append("}\n").toString();
    }

    private StringBuilder name(String name) {
        json.append(json.length() == 1 ? "\"" : ",\"");
        name.chars().forEach(this::append);
        return json.append("\":");
    }

    private void append(int c) {
        if (c == '"' || c == '\\') {
            json.append('\\').append((char) c);
        } else if (c >= ' ' && c < 0x7f) {
            json.append((char) c);
        } else if (c == '\n') {
            json.append("\\n");
        } else {
            LogText.escape(json, c);
        }
    }
}
