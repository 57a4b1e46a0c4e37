package io.chela.openai.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chela.api.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// A client's side of `/v1/events`.
final class EventStream implements AutoCloseable {
    /// One event, or a comment, which has an empty name and its text as data.
    record Event(String name, String data) {
        ObjectNode json() {
            return Json.readObject(data);
        }
    }

    private final HttpResponse<InputStream> response;
    private final BufferedReader lines;

    EventStream(HttpResponse<InputStream> response) {
        this.response = response;
        this.lines = new BufferedReader(new InputStreamReader(response.body(), UTF_8));
    }

    HttpResponse<InputStream> response() {
        return response;
    }

    /// Waits for the next; empty at the end of the stream.
    Optional<Event> next() throws IOException {
        String name = "";
        String data = "";
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isEmpty()) {
                return Optional.of(new Event(name, data));
            }
            int colon = line.indexOf(':');
            String value = line.substring(colon + 1);
            switch (line.substring(0, colon)) {
                case "event" -> name = value;
                case "data", "" -> data = value;
                default -> throw new AssertionError("a line that we do not write: " + line);
            }
        }
        return Optional.empty();
    }

    List<Event> next(int count) throws IOException {
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(next().orElseThrow());
        }
        return events;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
