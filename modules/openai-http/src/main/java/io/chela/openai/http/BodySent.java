package io.chela.openai.http;

import io.chela.agent.runtime.TurnSink;
import io.chela.api.ModelEvent;
import io.chela.api.RunEvent;
import io.chela.edge.Line;

/// Tells the connection when the model answers, so that the request's body counts for less from then on.
final class BodySent implements TurnSink {
    private final Line line;
    private final TurnSink sink;
    private boolean told;

    BodySent(Line line, TurnSink sink) {
        this.line = line;
        this.sink = sink;
    }

    @Override
    public void accept(RunEvent event) {
        if (!told && event.event() instanceof ModelEvent) {
            told = true;
            line.passedOn();
        }
        sink.accept(event);
    }
}
