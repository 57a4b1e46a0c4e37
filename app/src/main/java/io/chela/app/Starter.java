package io.chela.app;

import java.nio.file.Path;

/// Stand-in.
final class Starter {
    sealed interface Result {
        record Ready(Path file) implements Result {}

        record Unavailable(String why) implements Result {}
    }

    static Starter named(String name, Path modelsFolder) {
        return new Starter();
    }

    Result fetch() {
        return new Result.Unavailable("not yet");
    }
}
