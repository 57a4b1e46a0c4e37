package io.chela.openai.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.testkit.FakeModel;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every member we read, with a value of every type but its own.
class WrongTypesTest {
    private enum Kind {
        TEXT("\"x\""),
        INTEGER("7"),
        FRACTION("0.5"),
        FLAG("true"),
        LIST("[]"),
        OBJECT("{}");

        private final String json;

        Kind(String json) {
            this.json = json;
        }
    }

    /// @param around the request, with `%s` where the member's value is
    /// @param right what it may be
    private record Place(String param, String around, Set<Kind> right) {
        Stream<String> wrong() {
            return Arrays.stream(Kind.values())
                    .filter(kind -> !right.contains(kind))
                    .map(kind -> around.replace("%s", kind.json));
        }
    }

    private static Place member(String name, Kind... right) {
        return new Place(
                name, "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"" + name + "\":%s}", Set.of(right));
    }

    private static Place within(String param, String member, Kind... right) {
        return new Place(
                param, "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]," + member + "}", Set.of(right));
    }

    private static Place message(String param, String message, Kind... right) {
        return new Place("messages[0]" + param, "{\"messages\":[" + message + "]}", Set.of(right));
    }

    private static List<Place> places() {
        return List.of(
                new Place("messages", "{\"messages\":%s}", Set.of()),
                message("", "%s", Kind.OBJECT),
                message(".role", "{\"role\":%s,\"content\":\"hi\"}"),
                message(".content", "{\"role\":\"user\",\"content\":%s}", Kind.TEXT, Kind.LIST),
                message(".content[0]", "{\"role\":\"user\",\"content\":[%s]}"),
                message(".content[0]", "{\"role\":\"user\",\"content\":[{\"type\":%s}]}", Kind.TEXT),
                message(
                        ".content[0].text",
                        "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":%s}]}",
                        Kind.TEXT),
                message(
                        ".content[0].image_url",
                        "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":%s}]}"),
                message(
                        ".content[0].image_url",
                        "{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":%s}}]}"),
                message(".tool_calls", "{\"role\":\"assistant\",\"tool_calls\":%s}", Kind.LIST),
                message(".tool_calls[0]", "{\"role\":\"assistant\",\"tool_calls\":[%s]}"),
                message(
                        ".tool_calls[0]",
                        "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":%s,\"function\":{\"name\":\"f\"}}]}",
                        Kind.TEXT),
                member("model", Kind.TEXT),
                member("user", Kind.TEXT),
                member("stream", Kind.FLAG),
                member("stream_options", Kind.OBJECT),
                within("stream_options.include_usage", "\"stream_options\":{\"include_usage\":%s}", Kind.FLAG),
                member("max_tokens", Kind.INTEGER),
                member("max_completion_tokens", Kind.INTEGER),
                member("temperature", Kind.FRACTION),
                member("top_p", Kind.FRACTION),
                member("frequency_penalty", Kind.FRACTION),
                member("presence_penalty", Kind.FRACTION),
                member("seed", Kind.INTEGER),
                member("n"),
                member("logprobs"),
                member("stop", Kind.TEXT, Kind.LIST),
                within("stop", "\"stop\":[%s]", Kind.TEXT),
                member("response_format", Kind.OBJECT),
                within("response_format.type", "\"response_format\":{\"type\":%s}"),
                member("parallel_tool_calls", Kind.FLAG),
                member("tools", Kind.LIST),
                within("tools[0]", "\"tools\":[%s]", Kind.OBJECT),
                within("tools[0].type", "\"tools\":[{\"type\":%s}]"),
                within("tools[0].function", "\"tools\":[{\"type\":\"function\",\"function\":%s}]", Kind.OBJECT),
                within(
                        "tools[0].function.name",
                        "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":%s}}]",
                        Kind.TEXT),
                member("tool_choice"),
                within(
                        "tool_choice.function.name",
                        "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":%s}}"));
    }

    @Test
    void areRefusedByTheNameOfTheMemberAndAskNoModel() throws Exception {
        var model = FakeModel.saying("never");
        try (var door = TestDoor.before(model)) {
            for (Place place : places()) {
                for (String body : place.wrong().toList()) {
                    var response = door.post(body);
                    assertThat(response.statusCode()).as(body).isEqualTo(400);
                    var error = Json.readObject(response.body()).path("error");
                    assertThat(error.path("param").stringValue()).as(body).isEqualTo(place.param());
                    assertThat(error.path("message").stringValue()).as(body).startsWith("`" + place.param() + "` ");
                }
            }
        }
        assertThat(model.prompts()).isEmpty();
        assertThat(places().stream().flatMap(Place::wrong).collect(Collectors.toSet()))
                .hasSizeGreaterThan(150);
    }
}
