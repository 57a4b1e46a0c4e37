/// The words every module speaks, and the contracts of extensions.
///
/// Values are records that check themselves; choices are sealed. Nothing here knows HTTP, WebSocket or a
/// database.
/// An extension requires this module alone (and `io.chela.edge` when it opens a door).
@org.jspecify.annotations.NullMarked
module io.chela.api {
    requires static org.jspecify;
    requires transitive io.helidon.config;
    requires transitive tools.jackson.databind;

    exports io.chela.api;
    exports io.chela.api.spi;
}
