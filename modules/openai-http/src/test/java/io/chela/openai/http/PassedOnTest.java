package io.chela.openai.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Property: reading, writing and reading again what we pass on gives the same value.
class PassedOnTest {
    private static final int DOCUMENTS = 2_000;
    private static final long SEED = 20_261_125;
    private static final int MOST_LEVELS = 6;
    private static final String[] NUMBERS = {
        "0", "-1", "1.10", "1E400", "-1e-400", "9007199254740993", "0.1", "1e5", "18446744073709551616", "1e9999"
    };
    private static final String[] PIECES = {
        "a",
        "\\n",
        "\\u0000",
        "\\\"",
        "\\\\",
        "/",
        "\\/",
        "é",
        "e\u0301",
        "\u2028",
        "\\u2029",
        "\\ud83d\\ude00",
        "\ud834\udd1e",
        "\u202e",
        "</script>",
        "\\ufeff",
        "\\u007f",
        "'; DROP TABLE x; --",
        "../"
    };

    private final Random random = new Random(SEED);

    private String value(int level) {
        return switch (random.nextInt(level < MOST_LEVELS ? 8 : 6)) {
            case 0 -> "null";
            case 1 -> Boolean.toString(random.nextBoolean());
            case 2 -> NUMBERS[random.nextInt(NUMBERS.length)];
            case 3 -> Long.toString(random.nextLong());
            case 4 -> random.nextInt() + "." + Math.abs(random.nextLong() >> 1) + "e" + random.nextInt(400);
            case 5 -> text("");
            case 6 -> list(level + 1);
            default -> object(level + 1);
        };
    }

    private String text(String start) {
        var text = new StringBuilder("\"").append(start);
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.append('"').toString();
    }

    private String list(int level) {
        var list = new StringBuilder("[");
        for (int i = random.nextInt(5); i > 0; i--) {
            list.append(value(level)).append(i > 1 ? ", " : "");
        }
        return list.append("]").toString();
    }

    private String object(int level) {
        var object = new StringBuilder("{");
        for (int i = random.nextInt(5); i > 0; i--) {
            object.append(text("k" + i)).append(": ").append(value(level)).append(i > 1 ? "," : "");
        }
        return object.append("}").toString();
    }

    @Test
    void isTheSameValueAfterReadingWritingAndReadingAgain() {
        for (int i = 0; i < DOCUMENTS; i++) {
            String request = "{\"messages\":[{\"role\":\"user\",\"content\":" + text("") + ",\"x\":" + value(0)
                    + "}],\"y\":" + value(0) + "}";
            ObjectNode body = Json.readObject(request.getBytes(UTF_8));
            ChatRequest read = ChatRequest.read(body);
            assertSame(request, read.parameters(), Json.object().set("y", body.get("y")));
            assertSame(request, read.messages().getFirst().json(), body.at("/messages/0"));
        }
    }

    private static void assertSame(String request, ObjectNode passed, JsonNode given) {
        assertThat(passed).as(request).isEqualTo(given);
        String written = Json.write(passed);
        ObjectNode again = Json.readObject(Json.writeBytes(passed));
        assertThat(again.equals(PassedOnTest::compare, given)).as(request).isTrue();
        assertThat(Json.write(again)).as(request).isEqualTo(written);
    }

    /// The same number may be another kind of node: 1.5e1 is written 15.
    private static int compare(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue());
        }
        return one.equals(other) ? 0 : 1;
    }
}
