package io.chela.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    private static final List<String> KNOWN = List.of("gateway", "status", "health", "--port", "--state-dir", "run");

    @ParameterizedTest
    @CsvSource({
        "gatway, gateway",
        "gateawy, gateway",
        "GATEWAY, gateway",
        "stat, status",
        "helth, health",
        "--prot, --port",
        "--state, --state-dir",
        "rum, run"
    })
    void findsTheWordThatWasMeant(String typed, String meant) {
        assertThat(Nearest.of(typed, KNOWN)).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"banana", "x", "''", "--colour", "-"})
    void guessesNothingWhereNoWordIsNear(String typed) {
        assertThat(Nearest.of(typed, KNOWN)).isEmpty();
    }

    @Test
    void asksNothingOfAWordThatIsNoSlip() {
        assertThat(Nearest.question("gateway".repeat(1000), KNOWN)).isEmpty();
        assertThat(Nearest.question("gatway", KNOWN)).isEqualTo("; did you mean 'gateway'?");
    }
}
