package io.chela.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// A failure's stack trace for the log.
///
/// A failure's message is written only where it speaks of files, sockets, the database or our own state. Those
/// of parsers and of illegal arguments repeat what they could not read, which may be what somebody said.
final class Trace {
    /// How many causes are followed, and how many frames of each are written.
    static final int MAX_CAUSES = 8;

    static final int MAX_FRAMES = 64;

    private Trace() {}

    /// The lines, without line breaks at their ends.
    static List<String> of(Throwable failure) {
        List<String> lines = new ArrayList<>();
        Throwable at = failure;
        for (int depth = 0; at != null && depth < MAX_CAUSES; depth++) {
            lines.add((depth == 0 ? "" : "caused by ") + at.getClass().getName() + message(at));
            StackTraceElement[] frames = at.getStackTrace();
            for (int i = 0; i < Math.min(frames.length, MAX_FRAMES); i++) {
                lines.add("  at " + frames[i]);
            }
            at = at.getCause();
        }
        return lines;
    }

    private static String message(Throwable failure) {
        String message = failure.getMessage();
        if (message == null) {
            return "";
        }
        return isOurs(failure) ? ": " + message : ": (its message may repeat a caller's words and is left out)";
    }

    private static boolean isOurs(Throwable failure) {
        return switch (failure) {
            case java.net.MalformedURLException _, java.io.CharConversionException _ -> false;
            case IOException _, TimeoutException _, InterruptedException _ -> true;
            case UncheckedIOException unchecked -> unchecked.getCause() != null && isOurs(unchecked.getCause());
            case IllegalStateException _, NullPointerException _, IndexOutOfBoundsException _ -> true;
            case ClassCastException _, ReflectiveOperationException _, Error _ -> true;
            default -> failure.getClass().getPackageName().equals("org.sqlite");
        };
    }
}
