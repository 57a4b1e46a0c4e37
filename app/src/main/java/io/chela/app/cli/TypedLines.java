package io.chela.app.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.util.Optional;

/// The lines that somebody types, or that a pipe gives. Bytes that are no text become U+FFFD.
public final class TypedLines {
    /// The longest line that is taken, in characters.
    public static final int LONGEST = 1024 * 1024;

    /// One line.
    ///
    /// @param tooLong that it was longer than [#LONGEST], so what is left of it is its beginning
    public record Line(String text, boolean tooLong) {}

    private final Reader in;

    public TypedLines(InputStream in, Charset charset) {
        this.in = new BufferedReader(new InputStreamReader(in, charset));
    }

    /// The next line without its end (LF or CR LF); empty at the end of the input, also when it cannot be read.
    public Optional<Line> next() {
        try {
            return read();
        } catch (IOException _) {
            return Optional.empty(); // the terminal is gone
        }
    }

    private Optional<Line> read() throws IOException {
        var line = new StringBuilder();
        long chars = 0;
        int next = in.read();
        if (next < 0) {
            return Optional.empty();
        }
        for (; next >= 0 && next != '\n'; next = in.read()) {
            chars++;
            if (chars <= LONGEST) {
                line.append((char) next);
            }
        }
        String text = line.toString();
        return Optional.of(
                new Line(text.endsWith("\r") ? text.substring(0, text.length() - 1) : text, chars > LONGEST));
    }
}
