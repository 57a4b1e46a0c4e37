package bench;

import java.io.IOException;

/// Ends a scenario that does not hold what it promises.
final class Check {
    private Check() {}

    static void that(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException(otherwise);
        }
    }
}
