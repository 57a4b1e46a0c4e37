package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnnouncingTest {
    private final List<String> written = new ArrayList<>();
    private boolean isFull = true;

    private final Announcing announcing = new Announcing((url, certificate) -> {
        if (isFull) {
            throw UsageException.failed("chela: the disk is full");
        }
        written.add(url + " " + certificate.orElse(""));
    });

    @Test
    void goesOnWithoutWhatCannotBeWrittenAndTriesTheLatestAgainUntilItCan() {
        announcing.again();
        announcing.tell("wss://127.0.0.1:7", Optional.of("old"));
        announcing.tell("wss://127.0.0.1:7", Optional.of("new"));
        announcing.again();
        assertThat(written).isEmpty();
        isFull = false;
        announcing.again();
        announcing.again();
        assertThat(written).containsExactly("wss://127.0.0.1:7 new");
    }
}
