/// Fakes, a scripted model server, and the contract test of each SPI. For tests only; never in an image.
@org.jspecify.annotations.NullMarked
module io.chela.testkit {
    requires static org.jspecify;
    requires transitive io.chela.api;
    requires transitive org.assertj.core;
    requires transitive org.junit.jupiter.api;

    exports io.chela.testkit;
}
