/// A session's lane (one turn at a time) and its transcript.
///
/// Knows neither doors nor models: whoever runs a turn queues for the session's lane, reads the history, and
/// writes what was asked and answered.
@org.jspecify.annotations.NullMarked
module io.chela.session {
    requires static org.jspecify;
    requires transitive io.chela.api;

    exports io.chela.session;
}
