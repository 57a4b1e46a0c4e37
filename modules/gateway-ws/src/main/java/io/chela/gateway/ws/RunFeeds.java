package io.chela.gateway.ws;

import io.chela.agent.runtime.Run;
import io.chela.agent.runtime.RunObserver;
import io.chela.api.ModelEvent;
import io.chela.api.RunEvent;
import io.chela.api.RunId;
import io.chela.api.TurnEvent;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Tells clients of every run that belongs to a session; a run without one has nothing a client could show it
/// in.
final class RunFeeds implements RunObserver {
    private record Key(String owner, RunId run) {}

    private final Clients clients;
    private final Map<Key, RunFeed> feeds = new ConcurrentHashMap<>();

    RunFeeds(Clients clients) {
        this.clients = clients;
    }

    @Override
    public void happened(Run run, RunEvent event) {
        if (run.session().isEmpty() || clients.isEmpty()) {
            return;
        }
        RunFeed feed = feeds.computeIfAbsent(key(run), _ -> RunFeed.start(run, clients));
        switch (event.event()) {
            case TurnEvent.Started _ -> feed.started(event);
            case TurnEvent.Calling(var model) -> feed.calling(event, model);
            case ModelEvent.Text(var text) -> feed.text(event, text);
            case ModelEvent.Used(var usage) -> feed.used(event, usage);
            case ModelEvent.ToolCallDelta _, ModelEvent.Extra _, ModelEvent.Finish _ -> {}
        }
    }

    @Override
    public void ended(Run run) {
        RunFeed feed = feeds.remove(key(run));
        if (feed != null) {
            feed.ended();
        }
    }

    private static Key key(Run run) {
        return new Key(run.owner(), run.id());
    }
}
