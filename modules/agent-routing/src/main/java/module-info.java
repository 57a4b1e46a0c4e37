/// Decides which agent answers a request and which session it continues.
///
/// Pure functions over the configured agents: no I/O, no state.
@org.jspecify.annotations.NullMarked
module io.chela.agent.routing {
    requires static org.jspecify;
    requires transitive io.chela.api;

    exports io.chela.agent.routing;
}
