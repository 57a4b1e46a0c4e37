package io.chela.app;

import io.chela.api.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What a gateway's log says of being read again.
record RereadingLog(Path file) {
    /// Waits for a message with these words.
    String message(String words) throws Exception {
        Eventually.holds(() -> count(words) > 0);
        return messages(words).findFirst().orElseThrow();
    }

    /// How many messages have these words.
    long count(String words) throws IOException {
        return messages(words).count();
    }

    private Stream<String> messages(String words) throws IOException {
        return text().lines()
                .filter(line -> line.contains("Rereading"))
                .map(line -> Json.readObject(line).path("message").stringValue(""))
                .filter(message -> message.contains(words));
    }

    /// All of the log.
    String text() throws IOException {
        return Files.exists(file) ? Files.readString(file) : "";
    }
}
