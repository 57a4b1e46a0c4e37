package io.chela.openai.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.SessionKey;
import io.chela.testkit.FakeModel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Clients that send the whole conversation each time, to a session that remembers it.
class ResentHistoryTest {
    private static final SessionKey KEY = new SessionKey("agent:main:openai-user:me");

    /// `u` is a user's message, `a` an assistant's, `s` a system one.
    private static String messages(String shorthand) {
        var json = new StringBuilder();
        for (String message : shorthand.split(", ")) {
            String role = switch (message.charAt(0)) {
                case 'u' -> "user";
                case 'a' -> "assistant";
                default -> "system";
            };
            json.append(json.isEmpty() ? "" : ",")
                    .append("{\"role\":\"" + role + "\",\"content\":\"" + message.substring(2) + "\"}");
        }
        return json.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "u:two                                    | one, fine, two, fine",
                "u:one, a:fine, u:two                     | one, fine, two, fine",
                "s:be brief, u:one, a:fine, u:two         | one, fine, two, fine",
                "u:one, a: fine\\n, u:two                 | one, fine, two, fine",
                "a:fine, u:two                            | one, fine, two, fine",
                "u:one                                    | one, fine, one, fine",
                "u:one, a:fine                            | one, fine, one, fine",
                "u:zero, a:other, u:two                   | one, fine, zero, other, two, fine",
            })
    void keepsWhatIsNewAlone(String resent, String transcript) throws Exception {
        for (boolean stream : new boolean[] {false, true}) {
            try (var door = TestDoor.before(FakeModel.saying("fi", "ne"))) {
                door.ask("one", "\"user\":\"me\"");
                var response = door.post(
                        "{\"user\":\"me\",\"stream\":" + stream + ",\"messages\":[" + messages(resent) + "]}");
                assertThat(response.statusCode()).isEqualTo(200);
                assertThat(door.gateway().sessions().transcript("operator", KEY))
                        .extracting(entry -> entry.message().text())
                        .containsExactly(transcript.split(", "));
            }
        }
    }
}
