package io.chela.model.llamacpp;

import static io.chela.model.llamacpp.Asking.answer;
import static io.chela.model.llamacpp.Asking.await;
import static io.chela.model.llamacpp.Asking.awaitReady;
import static io.chela.model.llamacpp.Asking.problem;
import static io.chela.model.llamacpp.Asking.prompt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.ModelEvent;
import io.chela.api.Problem;
import io.chela.api.Problem.Upstream;
import io.chela.api.ProblemException;
import io.chela.api.spi.Model;
import io.chela.api.spi.ModelReply;
import io.chela.api.spi.ModelState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole extension with a real child process, and an engine that does as it is told.
@SuppressWarnings("try") // closing early is what is tested
class LlamaCppModelTest {
    @TempDir
    Path folder;

    private Path file = Path.of("model.gguf");
    private final List<LlamaCppModels> opened = new ArrayList<>();

    @BeforeEach
    void writeModelFile() throws IOException {
        file = folder.resolve("model.gguf");
        Files.writeString(file, "loads");
    }

    @AfterEach
    void closeModels() {
        opened.forEach(LlamaCppModels::close);
    }

    private LlamaCppModels models(int queue, Duration silence) {
        var gguf = new LlamaCppSettings.Gguf("tiny", file, 2048, 3);
        var models = new LlamaCppModels(
                new LlamaCppSettings("local", queue, silence, List.of(gguf)), folder, FakeWorker.command());
        opened.add(models);
        return models;
    }

    private Model model() {
        return models(2, Duration.ofSeconds(60)).model("tiny");
    }

    /// Starts a turn and reads its first piece, so that the model is busy with it.
    private static Iterator<ModelEvent> begun(ModelReply reply) {
        Iterator<ModelEvent> events = reply.iterator();
        assertThat(events.next()).isEqualTo(new ModelEvent.Text("p0 "));
        return events;
    }

    private static ModelReply slow(Model model) {
        return model.reply(prompt("slowly", "{\"max_tokens\": 100000}"));
    }

    private static CompletableFuture<Asking.Answer> asking(Model model) {
        return CompletableFuture.supplyAsync(
                () -> answer(model, prompt("hi", "{}")),
                task -> Thread.ofVirtual().start(task));
    }

    private static Asking.Answer result(CompletableFuture<Asking.Answer> answer)
            throws ExecutionException, InterruptedException, TimeoutException {
        return answer.get(Asking.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    void answersWithPiecesAFinishAndTheCounts() {
        assertThat(answer(model(), prompt("hi", "{}")))
                .isEqualTo(new Asking.Answer(
                        "p0 p1 p2 ",
                        "length",
                        ChatMl.of(prompt("hi", "{}").messages()).length(),
                        3));
    }

    @Test
    void isLoadingUntilTheWorkerIsReady() throws IOException {
        Files.writeString(file, "takes a second");
        Model model = model();

        assertThat(model.state()).isEqualTo(new ModelState.Loading("loading model.gguf"));
        assertThat(answer(model, prompt("hi", "{}")).text()).isEqualTo("p0 p1 p2 ");
        assertThat(model.state()).isEqualTo(new ModelState.Ready());
    }

    @Test
    void skipsLinesThatAreNoFrame() {
        assertThat(answer(model(), prompt("say something else first", "{}")).text())
                .isEqualTo("p0 p1 p2 ");
    }

    @Test
    void saysWhichFileIsMissingAndBecomesReadyOnceItIsThere() throws IOException {
        Files.delete(file);
        Model model = model();

        await(() -> model.state() instanceof ModelState.Failed);
        assertThat(((ModelState.Failed) model.state()).why()).contains(file.toString(), "is missing", "put it there");
        assertThat(problem(model, prompt("hi", "{}"))).isInstanceOf(Problem.Unavailable.class);

        Files.writeString(file, "loads");
        awaitReady(model);
        assertThat(answer(model, prompt("hi", "{}")).finish()).isEqualTo("length");
    }

    @Test
    void saysWhyAFileCannotBeLoaded() throws IOException {
        Files.writeString(file, "is broken");
        Model model = model();

        await(() -> model.state() instanceof ModelState.Failed);
        assertThat(((ModelState.Failed) model.state()).why()).contains("cannot be loaded: it is broken");
    }

    @Test
    void tellsTheLastWordsOfAWorkerThatDiesWhileLoading() throws IOException {
        Files.writeString(file, "dies");
        Model model = model();

        await(() -> model.state() instanceof ModelState.Failed);
        assertThat(((ModelState.Failed) model.state()).why()).contains("exit 9", "these are my last words");
    }

    @Test
    void failsTheRunningTurnWhenItsWorkerDiesAndAnswersTheNext() throws Exception {
        Model model = model();
        awaitReady(model);
        try (ModelReply dying = model.reply(prompt("slowly then die", "{}"))) {
            Iterator<ModelEvent> events = dying.iterator();
            events.next();
            CompletableFuture<Asking.Answer> waiting = asking(model);

            assertThatThrownBy(events::hasNext)
                    .isInstanceOf(ProblemException.class)
                    .extracting(e -> ((ProblemException) e).problem())
                    .isEqualTo(new Upstream(
                            Upstream.Kind.UNKNOWN,
                            Optional.of(Upstream.Fault.PROCESS_ENDED),
                            "local",
                            Optional.empty(),
                            "the model process ended (exit 42) and is being restarted",
                            Optional.empty()));
            assertThat(result(waiting).text()).isEqualTo("p0 p1 p2 ");
        }
        assertThat(answer(model, prompt("hi", "{}")).finish()).isEqualTo("length");
    }

    @Test
    void answersOneTurnAfterAnother() throws Exception {
        Model model = model();
        awaitReady(model);
        try (ModelReply first = slow(model)) {
            begun(first);
            CompletableFuture<Asking.Answer> second = asking(model);
            assertThatThrownBy(() -> second.get(200, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);

            first.close();

            assertThat(result(second).text()).isEqualTo("p0 p1 p2 ");
        }
    }

    @Test
    void refusesATurnWhenTheQueueIsFull() throws Exception {
        Model model = models(1, Duration.ofSeconds(60)).model("tiny");
        awaitReady(model);
        try (ModelReply running = slow(model)) {
            begun(running);
            List<CompletableFuture<Asking.Answer>> two = List.of(asking(model), asking(model));
            await(() -> two.stream().anyMatch(CompletableFuture::isDone));

            assertThat(two)
                    .filteredOn(CompletableFuture::isCompletedExceptionally)
                    .singleElement()
                    .satisfies(full -> assertThatThrownBy(full::join)
                            .hasCauseInstanceOf(ProblemException.class)
                            .cause()
                            .extracting(e -> ((ProblemException) e).problem())
                            .isEqualTo(new Problem.Busy(
                                    "model busy",
                                    "The model is busy and 1 turns wait for it already.",
                                    Lane.RETRY_AFTER)));
            running.close();
            assertThat(result(two.stream()
                                    .filter(one -> !one.isCompletedExceptionally())
                                    .findFirst()
                                    .orElseThrow())
                            .text())
                    .isEqualTo("p0 p1 p2 ");
        }
    }

    @Test
    void closingFreesACallerThatWaitsForItsPlace() {
        Model model = model();
        awaitReady(model);
        try (ModelReply running = slow(model);
                ModelReply waiting = model.reply(prompt("hi", "{}"))) {
            begun(running);
            Thread.startVirtualThread(() -> {
                Asking.pause();
                waiting.close();
            });

            assertThatThrownBy(waiting.iterator()::hasNext).isInstanceOf(CancellationException.class);
        }
    }

    @Test
    void closingFreesACallerThatWaitsForAToken() {
        Model model = model();
        awaitReady(model);
        try (ModelReply silent = model.reply(prompt("then be silent", "{}"))) {
            Iterator<ModelEvent> events = begun(silent);
            Thread.startVirtualThread(() -> {
                Asking.pause();
                silent.close();
            });

            assertThatThrownBy(events::hasNext).isInstanceOf(CancellationException.class);
            assertThat(answer(model, prompt("hi", "{}")).text()).isEqualTo("p0 p1 p2 ");
        }
    }

    @Test
    void aReplyClosedBeforeItsFirstTokenTakesNoPlace() {
        Model model = models(0, Duration.ofSeconds(60)).model("tiny");
        awaitReady(model);
        ModelReply closed = model.reply(prompt("then be silent", "{}"));
        closed.close();

        assertThatThrownBy(closed.iterator()::hasNext).isInstanceOf(CancellationException.class);
        await(() -> answersNow(model));
    }

    private static boolean answersNow(Model model) {
        try {
            return answer(model, prompt("hi", "{}")).text().equals("p0 p1 p2 ");
        } catch (ProblemException _) {
            return false;
        }
    }

    @Test
    void failsATurnWithoutATokenForTooLong() {
        Model model = models(2, Duration.ofSeconds(1)).model("tiny");
        awaitReady(model);

        Problem problem = problem(model, prompt("then be silent", "{}"));

        assertThat(problem)
                .isEqualTo(new Upstream(Upstream.Kind.SILENT, "local", "the model said nothing for 1 seconds"));
        assertThat(answer(model, prompt("hi", "{}")).text()).isEqualTo("p0 p1 p2 ");
    }

    @Test
    void killsAWorkerThatDoesNotStopWhenToldTo() {
        Model model = model();
        awaitReady(model);
        try (ModelReply deaf = model.reply(prompt("then be deaf", "{}"))) {
            begun(deaf);
        }

        assertThat(answer(model, prompt("hi", "{}")).text()).isEqualTo("p0 p1 p2 ");
    }

    @Test
    void stopsAGenerationThatIsTooFarAheadOfItsCaller() {
        Model model = model();
        awaitReady(model);
        try (ModelReply unread = model.reply(prompt("quickly", "{\"max_tokens\": 1000000}"))) {
            Iterator<ModelEvent> events = begun(unread);
            assertThat(answer(model, prompt("hi", "{}")).text()).isEqualTo("p0 p1 p2 ");

            assertThatThrownBy(() -> events.forEachRemaining(_ -> {}))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("the caller reads too slowly");
        }
    }

    @Test
    void saysHowLongAPromptIsThatIsTooLong() {
        Problem problem = problem(model(), prompt("too long", "{}"));

        assertThat(problem)
                .isEqualTo(
                        new Upstream(
                                Upstream.Kind.CONTEXT_LENGTH,
                                "local",
                                "the prompt has 3000 tokens, and the model's context window of 2048 tokens must hold it and the answer"));
    }

    @Test
    void refusesAHugePromptWithoutAskingTheWorker() {
        Problem problem = problem(model(), prompt("x".repeat(Question.MAX_CHARS), "{}"));

        assertThat(problem.message()).contains(" characters", "2048 tokens");
    }

    @Test
    void aFailedGenerationFailsItsTurnOnly() {
        Model model = model();

        assertThat(problem(model, prompt("fail", "{}")).message()).isEqualTo("the model failed: as asked");
        assertThat(answer(model, prompt("hi", "{}")).text()).isEqualTo("p0 p1 p2 ");
    }

    @Test
    void refusesAWrongParameterAtTheFirstRead() {
        ModelReply reply = model().reply(prompt("hi", "{\"temperature\": 3}"));

        assertThatThrownBy(reply.iterator()::hasNext)
                .isInstanceOf(ProblemException.class)
                .extracting(e -> ((ProblemException) e).problem())
                .isEqualTo(new Problem.Malformed("temperature", "'temperature' must be a number from 0 to 2."));
    }

    @Test
    void closingEndsTheProcessAndEveryTurnAndLeavesNoFolder() {
        LlamaCppModels models = models(2, Duration.ofSeconds(60));
        Model model = models.model("tiny");
        awaitReady(model);
        List<ProcessHandle> workers = workers();
        assertThat(workers).hasSize(1);
        ModelReply running = slow(model);
        Iterator<ModelEvent> events = begun(running);

        models.close();

        assertThatThrownBy(() -> events.forEachRemaining(_ -> {})).hasMessage("The gateway is stopping.");
        assertThat(workers.getFirst().isAlive()).isFalse();
        assertThat(folder.resolve("llamacpp").resolve("local%2Ftiny")).doesNotExist();
    }

    @Test
    void aWorkerOutlivesTheSignalsOfItsProcessGroup() {
        Model model = model();
        awaitReady(model);
        List<ProcessHandle> before = workers();
        assertThat(before).hasSize(1);

        before.forEach(ProcessHandle::destroy); // SIGTERM

        assertThat(answer(model, prompt("hi", "{}")).text()).isEqualTo("p0 p1 p2 ");
        assertThat(workers()).isEqualTo(before);
    }

    private List<ProcessHandle> workers() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().arguments().stream()
                        .flatMap(java.util.Arrays::stream)
                        .anyMatch(argument -> argument.equals(file.toString())))
                .toList();
    }

    @Test
    void namesItsModelsWhenAskedForAnother() {
        LlamaCppModels models = models(2, Duration.ofSeconds(60));

        assertThatThrownBy(() -> models.model("huge"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is no model 'huge', only tiny");
        assertThat(models.destination()).isEqualTo("a process on this machine");
    }
}
