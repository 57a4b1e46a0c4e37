package io.chela.model.llamacpp;

import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaIterator;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.ModelParameters;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// Generates with llama.cpp. One per process: closing a model frees nothing.
///
/// Only the thread that reads an answer may cancel it (a `cancel()` from elsewhere leaves the reader blocked for ever),
/// and it cannot while it waits for the first token. So a prompt is read in steps, each a tiny generation of its own
/// that the prompt cache hands to the next, and cancellation is looked at between them.
final class LlamaEngine implements Engine {
    /// How many prompt tokens are computed at a time: half a second for a small model on one thread.
    static final int STEP_TOKENS = 64;

    /// What a step may hold at first sight, in characters; halved until it has no more than [#STEP_TOKENS].
    private static final int STEP_CHARS = 256;

    /// More threads than this help no model of the size that runs on a CPU.
    private static final int MAX_THREADS = 8;

    private final LlamaModel model;
    private final int contextWindow;

    /// The text whose tokens the prompt cache holds.
    private String cached = "";

    /// Loads a model: 0.3 s for a small one.
    LlamaEngine(String file, int contextWindow) {
        this.contextWindow = contextWindow;
        // Always fewer threads than cores: with as many, a busy neighbour makes generation ten times slower.
        int threads = Math.clamp(Runtime.getRuntime().availableProcessors() - 1, 1, MAX_THREADS);
        model = new LlamaModel(new ModelParameters()
                .setModel(file)
                .disableLog()
                .skipWarmup()
                .setThreads(threads)
                .setThreadsBatch(threads)
                .setParallel(1) // with more, answers to one prompt differ from run to run
                .setCtxSize(contextWindow)
                .disableContextShift() // it would cut the beginning of a long prompt silently
                .setBatchSize(STEP_TOKENS)
                .setUbatchSize(STEP_TOKENS));
    }

    /// One generation under way.
    private record Job(ToWorker.Generate what, int promptTokens, BooleanSupplier cancelled, Consumer<FromWorker> said) {
        FromWorker done(String finish, int completionTokens) {
            return new FromWorker.Done(what.id(), finish, promptTokens, completionTokens);
        }
    }

    @Override
    public void generate(ToWorker.Generate what, BooleanSupplier cancelled, Consumer<FromWorker> said) {
        int promptTokens = model.encode(what.prompt()).length;
        int room = contextWindow - promptTokens - 1;
        if (room < 1) {
            said.accept(new FromWorker.TooLong(what.id(), promptTokens));
            return;
        }
        int max = Math.min(what.sampling().maxTokens(), room);
        if (what.sampling().seed().isPresent()) {
            cached = ""; // what was said before would change the last digits, and so the answer
        }
        var job = new Job(what, promptTokens, cancelled, said);
        said.accept(readPrompt(job) ? answer(job, max) : job.done("cancelled", 0));
    }

    /// Reads all of the prompt but its last step into the cache; false when cancelled.
    private boolean readPrompt(Job job) {
        String prompt = job.what().prompt();
        int end = afterStep(prompt, commonLength(cached, prompt));
        while (end < prompt.length() && !job.cancelled().getAsBoolean()) {
            String start = prompt.substring(0, end);
            LlamaIterator outputs =
                    model.generate(parameters(start).setNPredict(1)).iterator();
            while (outputs.hasNext()) {
                outputs.next();
            }
            cached = start;
            job.said().accept(new FromWorker.Progress(job.what().id()));
            end = afterStep(prompt, end);
        }
        return !job.cancelled().getAsBoolean();
    }

    private int afterStep(String prompt, int begin) {
        int chars = Math.min(STEP_CHARS, prompt.length() - begin);
        while (chars > 1 && model.encode(prompt.substring(begin, begin + chars)).length > STEP_TOKENS) {
            chars /= 2;
        }
        int end = begin + chars;
        boolean splitsAPair = end < prompt.length() && Character.isLowSurrogate(prompt.charAt(end));
        return splitsAPair ? end + 1 : end;
    }

    private static int commonLength(String one, String other) {
        int length = 0;
        int most = Math.min(one.length(), other.length());
        while (length < most && one.charAt(length) == other.charAt(length)) {
            length++;
        }
        return length;
    }

    private FromWorker answer(Job job, int max) {
        LlamaIterator outputs = model.generate(parameters(job.what(), max)).iterator();
        var text = new StringBuilder();
        int pieces = 0;
        boolean stopped = false;
        while (outputs.hasNext() && !stopped) {
            String piece = outputs.next().text;
            if (!piece.isEmpty()) {
                pieces++;
                text.append(piece);
                job.said().accept(new FromWorker.Piece(job.what().id(), piece));
            }
            stopped = outputs.hasNext() && job.cancelled().getAsBoolean();
        }
        if (stopped) {
            outputs.cancel();
        }
        cached = job.what().prompt() + text;
        int completionTokens = model.encode(text.toString()).length;
        boolean cut = Math.max(completionTokens, pieces) >= max;
        String finish = stopped ? "cancelled" : cut ? "length" : "stop";
        return job.done(finish, completionTokens);
    }

    private InferenceParameters parameters(ToWorker.Generate what, int max) {
        Sampling sampling = what.sampling();
        var parameters = parameters(what.prompt())
                .setNPredict(max)
                .setTemperature((float) sampling.temperature())
                .setTopP((float) sampling.topP())
                .setFrequencyPenalty((float) sampling.frequencyPenalty())
                .setPresencePenalty((float) sampling.presencePenalty())
                .setStopStrings(sampling.stop().toArray(String[]::new));
        sampling.seed().ifPresent(parameters::setSeed);
        return parameters;
    }

    private InferenceParameters parameters(String prompt) {
        return new InferenceParameters(prompt).setCachePrompt(!cached.isEmpty());
    }
}
