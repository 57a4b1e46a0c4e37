/// Runs turns: prompt, model call, events, outcome.
///
/// A turn is accepted, which takes its place in its session's lane, and then played on the thread that asks
/// for it.
/// Every run, whichever door it came through, is in one registry until a while after its end.
@org.jspecify.annotations.NullMarked
module io.chela.agent.runtime {
    requires static org.jspecify;
    requires transitive io.chela.api;
    requires transitive io.chela.session;

    exports io.chela.agent.runtime;
}
