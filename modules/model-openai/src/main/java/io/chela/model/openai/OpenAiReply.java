package io.chela.model.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.chela.api.Json;
import io.chela.api.ModelEvent;
import io.chela.api.Problem.Upstream.Fault;
import io.chela.api.ProblemException;
import io.chela.api.spi.ModelReply;
import io.chela.api.spi.ReplyLimits;
import io.helidon.http.HeaderNames;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// One call of the server: connects at the first `hasNext`, reads an event at a time, hangs up when closed
/// early.
final class OpenAiReply implements ModelReply {
    /// The most that is read of an error's body, in bytes.
    static final int MAX_ERROR_BYTES = 64 * 1024;

    /// The most blanks that are skipped before an answer's first visible byte.
    private static final int MAX_BLANKS = 1_024;

    /// Blanks of JSON, and the bytes of a UTF-8 byte order mark.
    private static final String BLANKS = " \t\r\n\u00EF\u00BB\u00BF";

    private static final String DONE = "[DONE]";
    private static final String NO_OBJECT = "an event that is no JSON object, or has more than " + Json.MAX_DEPTH
            + " levels, " + Json.MAX_NUMBER_LENGTH + " digits in a number, an exponent beyond " + Json.MAX_EXPONENT
            + " or " + Json.MAX_TOKENS + " names and values";

    private static final int FIRST_SUCCESS = 200;
    private static final int LAST_SUCCESS = 299;

    /// What may come after `[DONE]`: events, and time for all of them.
    private static final int MAX_EXTRA = 8;

    private static final Duration EXTRA_TIME = Duration.ofSeconds(1);

    private final UpstreamErrors errors;
    private final HttpCall call;
    private final ReplyLimits limits;
    private final Duration silence;
    private final Cancel cancel = new Cancel();
    private final ChunkReader chunks;
    private final Deque<ModelEvent> read = new ArrayDeque<>();
    private @Nullable SseReader events;
    private volatile boolean ended;

    /// @param silence how long the server may say nothing, and how long it may take for the head of its answer, for an
    ///     answer that is no stream, and for a line of a stream
    OpenAiReply(UpstreamErrors errors, HttpCall call, ReplyLimits limits, Duration silence) {
        this.errors = errors;
        this.call = call;
        this.limits = limits;
        this.silence = silence;
        this.chunks = new ChunkReader(errors);
    }

    @Override
    public Iterator<ModelEvent> iterator() {
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return isMore();
            }

            @Override
            public ModelEvent next() {
                if (!isMore()) {
                    throw new NoSuchElementException();
                }
                return read.remove();
            }
        };
    }

    private boolean isMore() {
        try {
            while (read.isEmpty() && !ended) {
                advance();
            }
        } catch (Exception e) {
            hangUp();
            throw failure(e);
        }
        return !read.isEmpty();
    }

    private RuntimeException failure(Exception e) {
        if (e instanceof ProblemException problem) {
            return problem;
        }
        if (cancel.hasExpired()) {
            return errors.slow(e);
        }
        return e instanceof CancellationException || cancel.isCancelled()
                ? new CancellationException("the reply was closed")
                : errors.io(e);
    }

    /// Also for a thread that is between two calls, such as one whose own caller has left: it makes no other.
    @Override
    public void close() {
        if (!cancel.cancel() && !ended) {
            call.hangUp();
        }
    }

    private void advance() throws Exception {
        SseReader stream = events;
        if (stream == null) {
            open();
            return;
        }
        Optional<SseEvent> next = cancel.blocking(stream::next);
        if (next.isEmpty()) {
            endOfStream();
        } else if (next.get().data().strip().equals(DONE)) {
            done();
        } else {
            accept(next.get());
        }
    }

    private void open() throws Exception {
        HttpCall.Answer answer = cancel.blocking(call::send, silence);
        InputStream in = answer.body();
        if (answer.status() < FIRST_SUCCESS || answer.status() > LAST_SUCCESS) {
            String text = new String(cancel.blocking(() -> in.readNBytes(MAX_ERROR_BYTES), silence), UTF_8);
            throw errors.status(answer.status(), answer.headers().first(HeaderNames.RETRY_AFTER), text);
        }
        if (answer.encoding().isPresent()) {
            throw errors.encoded(answer.encoding().get());
        }
        if (answer.type().toLowerCase(Locale.ROOT).startsWith("text/event-stream")) {
            events = new SseReader(in, limits.eventBytes(), silence);
        } else {
            whole(in, answer.type());
        }
    }

    /// A server that ignores `stream: true` answers with one completion, whatever it says its type is.
    private void whole(InputStream in, String type) throws Exception {
        if (!cancel.blocking(() -> startsAnObject(in), silence)) {
            throw errors.noStream(type);
        }
        byte[] rest = cancel.blocking(() -> in.readNBytes(limits.answerBytes()), silence);
        if (rest.length == limits.answerBytes()) {
            throw errors.nonsense(
                    Fault.ANSWER_TOO_LARGE, "sent an answer of more than " + limits.answerBytes() + " bytes.");
        }
        accept(new SseEvent("", "{" + new String(rest, UTF_8)));
        endOfStream();
    }

    /// Reads up to the first visible byte, past a byte order mark, and tells whether it is a brace.
    private static boolean startsAnObject(InputStream in) throws IOException {
        int first = in.read();
        for (int skipped = 0; skipped < MAX_BLANKS && BLANKS.indexOf(first) >= 0; skipped++) {
            first = in.read();
        }
        return first == '{';
    }

    private void accept(SseEvent event) {
        if (event.name().equals("error")) {
            throw errors.inAnswer(ServerError.ofEvent(event.data()));
        }
        ObjectNode chunk = Json.tryObject(event.data())
                .orElseThrow(() -> errors.nonsense(Fault.NO_JSON, "sent " + NO_OBJECT + "."));
        ServerError.find(chunk).ifPresent(error -> {
            throw errors.inAnswer(error);
        });
        read.addAll(chunks.read(chunk));
    }

    private void done() {
        read.addAll(chunks.end());
        ended = true;
        finishReading();
    }

    private void endOfStream() {
        if (!chunks.finished()) {
            throw chunks.begun()
                    ? errors.lost(Fault.BROKE_OFF, "broke off in mid-answer.")
                    : errors.lost(Fault.EMPTY, "ended its answer before it began.");
        }
        read.addAll(chunks.end());
        ended = true;
        hangUp();
    }

    /// Reads past `[DONE]`, since only a stream read to its end leaves its connection reusable; beside the answer,
    /// where that end has not come yet.
    private void finishReading() {
        if (call.hasWholeAnswer()) {
            readPastDone();
            return;
        }
        Thread.ofVirtual().name("past-done").start(() -> {
            Thread reading = Thread.currentThread();
            Future<?> limit = Cancel.TIMER.schedule(
                    reading::interrupt, EXTRA_TIME.toNanos(), TimeUnit.NANOSECONDS); // closes the socket
            readPastDone();
            limit.cancel(false);
        });
    }

    private void readPastDone() {
        SseReader stream = events;
        try {
            for (int extra = 0;
                    stream != null && extra < MAX_EXTRA && stream.next().isPresent();
                    extra++) {}
        } catch (IOException | RuntimeException _) {
            // The answer is whole; this connection is just not used again.
        }
        hangUp();
    }

    /// Gives the connection back when everything was read, else closes it.
    private void hangUp() {
        ended = true;
        call.finish();
    }
}
