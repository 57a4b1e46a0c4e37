package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.image.Program.Ended;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Budgets, "At the default heap (256 MB)": `bench/load --short`, which loads the image for less long than
/// `bench/load` does and leaves out what a busy machine cannot tell.
class LoadTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /// It takes a minute where nothing else runs.
    private static final Duration PATIENCE = Duration.ofMinutes(6);

    /// What `bench/load` exits with where the machine allows too few open files.
    private static final int CANNOT = 77;

    private static String printed = "";

    @BeforeAll
    static void load(@TempDir Path folder) throws Exception {
        Machine.needsCi("The loads, which take two minutes,");
        Ended ended = Program.in(folder, ROOT.resolve("bench/load").toString(), "--short")
                .with("JAVA_HOME", System.getProperty("java.home"))
                .within(PATIENCE)
                .run();
        Machine.needs(ended.exit() != CANNOT, ended.err());
        printed = ended.out() + ended.err();
        System.out.println(printed);
    }

    private static void holds(String scenario) {
        assertThat(printed).containsPattern("(?m)^ok +" + scenario + " ");
    }

    @Test
    void idleConnectionsOfWhichEachHadItsAnswerAndTheNextCallerIsAnswered() {
        holds("idle");
    }

    @Test
    void streamsOf100ChunksAt20MillisecondsAllComplete() {
        holds("streams");
    }

    @Test
    void twoHundredReadersThatStopReadingDoNotHoldUpTheOthers() {
        holds("stalled");
    }

    @Test
    void fiftyBodiesOf20MebibytesAtOnceSomeAre503NoneIsAnOutOfMemoryErrorAndTheNextCallIsAnswered() {
        holds("bodies");
    }

    @Test
    void threeHundredHalfSentBodiesAndTheNextCallerIsAnswered() {
        holds("half-bodies");
    }

    @Test
    void tenThousandConnectionsThatSendNothingAreClosedAndTheNextCallerIsAnswered() {
        holds("silent");
    }

    @Test
    void fiveHundredTlsConnectionsThatStopAfterTheirClientHelloAndTheNextCallerIsAnswered() {
        holds("client-hello");
    }

    @Test
    void aRefusedRequestWithAnEndlessChunkExtensionEndsAndTheNextCallerIsAnswered() {
        holds("endless-extension");
    }

    @Test
    void aRefusedRequestWith50ChunksOf20MebibytesEndsAndTheNextCallerIsAnswered() {
        holds("refused-chunks");
    }

    @Test
    void aMixedLoadLeavesMemoryBounded() {
        holds("mixed");
    }
}
