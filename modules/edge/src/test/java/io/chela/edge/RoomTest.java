package io.chela.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.http.HeaderValues;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoomTest {
    private static final long DEFAULT_HEAP = 247L * 1024 * 1024;

    private final Room room = new Room(DEFAULT_HEAP);

    @Test
    void keeps10000IdleConnectionsInTheDefaultHeap_besideAThousandThatAreAnswered() {
        for (int i = 0; i < 1_000; i++) {
            room.began();
        }
        assertThat(room.isNarrow(10_001, false)).isFalse();
    }

    @Test
    void endsConnectionsWithTheirAnswerBeforeItRefusesNewOnes_whichItDoesWhenThreeQuartersAreTaken() {
        assertThat(room.isNarrow(11_500, false)).isTrue();
        assertThat(room.isFull(11_500, false)).isFalse();
        assertThat(room.isFull(12_500, false)).isTrue();
        assertThat(room.isFull(1_900, true)).isFalse();
        assertThat(room.isFull(2_500, true)).isTrue();
    }

    @Test
    void countsAConnectionForMoreWhileItsRequestsAreAnswered() {
        for (int i = 0; i < 5_000; i++) {
            room.began();
        }
        assertThat(room.isNarrow(7_500, false)).isTrue();
        assertThat(room.isFull(8_500, false)).isTrue();
        for (int i = 0; i < 5_000; i++) {
            room.ended();
        }
        assertThat(room.isNarrow(8_500, false)).isFalse();
    }

    /// The heap of a test is large: as many connections as would fill it cannot be opened here.
    @Test
    void keepsConnectionsWhileThereIsRoom() {
        try (var edge = TestEdge.with(http -> http.get("/", (_, response) -> response.send("hi")))) {
            List<RawClient> callers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                var caller = edge.client();
                callers.add(caller);
                assertThat(caller.get("/").answer().header("connection"))
                        .isNotEqualTo(java.util.Optional.of(HeaderValues.CONNECTION_CLOSE.get()));
            }
            callers.forEach(RawClient::close);
        }
    }
}
