package io.chela.model.llamacpp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chela.api.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Reads JSON lines between the gateway and its worker. For one thread, a platform one: a pipe read ignores interrupts.
final class Frames {
    /// The longest line, in bytes; a longer one is skipped.
    static final int MAX_FRAME_BYTES = 20 * 1024 * 1024;

    /// How much of a line that is no frame is kept for the log, in bytes.
    static final int MAX_NOISE_BYTES = 400;

    private final InputStream in;
    private final int maxFrameBytes;

    /// A line: a JSON object, or something else that got into the stream.
    sealed interface Line {
        record Frame(ObjectNode json) implements Line {}

        /// What is no frame, cut to its beginning.
        record Noise(String start) implements Line {}
    }

    Frames(InputStream in) {
        this(in, MAX_FRAME_BYTES);
    }

    Frames(InputStream in, int maxFrameBytes) {
        this.in = in instanceof BufferedInputStream ? in : new BufferedInputStream(in);
        this.maxFrameBytes = maxFrameBytes;
    }

    /// Waits for the next line; empty at the end of the stream. What stands after the last line break is no line.
    Optional<Line> next() throws IOException {
        var line = new ByteArrayOutputStream();
        boolean tooLong = false;
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return Optional.empty();
            }
            if (line.size() < maxFrameBytes) {
                line.write(b);
            } else {
                tooLong = true;
            }
        }
        return Optional.of(tooLong ? noise(line) : line(line));
    }

    private static Line line(ByteArrayOutputStream line) {
        return Json.tryObject(line.toString(UTF_8)).<Line>map(Line.Frame::new).orElseGet(() -> noise(line));
    }

    private static Line noise(ByteArrayOutputStream line) {
        byte[] bytes = line.toByteArray();
        return new Line.Noise(new String(bytes, 0, Math.min(bytes.length, MAX_NOISE_BYTES), UTF_8));
    }

    /// Writes one line and flushes it.
    static void write(OutputStream out, ObjectNode json) throws IOException {
        byte[] bytes = Json.writeBytes(json);
        out.write(bytes);
        out.write('\n');
        out.flush();
    }
}
