package io.chela.model.llamacpp;

import io.chela.api.Json;
import io.chela.api.Message;
import io.chela.api.ModelEvent;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.Prompt;
import io.chela.api.Role;
import io.chela.api.spi.Model;
import io.chela.api.spi.ModelReply;
import io.chela.api.spi.ModelState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Asks a model and waits for what it says.
final class Asking {
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private Asking() {}

    /// An answer as a whole.
    record Answer(String text, String finish, long promptTokens, long completionTokens) {}

    static Prompt prompt(String user, String parameters) {
        return prompt(List.of(Message.of(Role.USER, user)), parameters);
    }

    static Prompt prompt(List<Message> messages, String parameters) {
        return new Prompt(messages, Json.readObject(parameters));
    }

    static Answer answer(Model model, Prompt prompt) {
        try (ModelReply reply = model.reply(prompt)) {
            List<ModelEvent> events = new ArrayList<>();
            reply.forEach(events::add);
            return answer(events);
        }
    }

    private static Answer answer(List<ModelEvent> events) {
        var text = new StringBuilder();
        String finish = "";
        long promptTokens = 0;
        long completionTokens = 0;
        for (ModelEvent event : events) {
            switch (event) {
                case ModelEvent.Text piece -> text.append(piece.text());
                case ModelEvent.Finish end -> finish += end.reason(); // twice would show
                case ModelEvent.Used used -> {
                    promptTokens += used.usage().promptTokens();
                    completionTokens += used.usage().completionTokens();
                }
                case ModelEvent.ToolCallDelta _, ModelEvent.Extra _ -> throw new AssertionError(event);
            }
        }
        return new Answer(text.toString(), finish, promptTokens, completionTokens);
    }

    static Problem problem(Model model, Prompt prompt) {
        try {
            throw new AssertionError("it answered: " + answer(model, prompt));
        } catch (ProblemException e) {
            return e.problem();
        }
    }

    static void awaitReady(Model model) {
        await(() -> model.state() instanceof ModelState.Ready);
    }

    /// Polls until it holds.
    static void await(BooleanSupplier holds) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("did not come true within " + PATIENCE);
            }
            pause();
        }
    }

    static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(5);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
