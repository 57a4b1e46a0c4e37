package io.chela.edge;

import io.chela.api.LogLine;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.helidon.http.HttpException;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/// Turns whatever a handler or filter throws into an answer; what nobody foresaw is logged under a fresh id.
final class Failures {
    private static final System.Logger LOG = System.getLogger(Failures.class.getName());

    private Failures() {}

    static void answer(ServerRequest request, ServerResponse response, Throwable failure) {
        if (failure instanceof OutOfMemoryError) { // everybody's, not this request's: as if nobody had caught it
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
        }
        Problems.send(response, problem(request, failure));
    }

    private static Problem problem(ServerRequest request, Throwable failure) {
        return switch (failure) {
            case ProblemException known -> known.problem();
            case HttpException http when http.status().family() == Status.Family.CLIENT_ERROR -> refusal(http.status());
            default -> internal(request, failure);
        };
    }

    /// Never Helidon's own message: it may repeat what the caller sent.
    private static Problem refusal(Status status) {
        return status.code() == Status.NOT_FOUND_404.code()
                ? new Problem.NotFound("There is nothing at this path.")
                : new Problem.Refused(status.code(), status.reasonPhrase());
    }

    private static Problem internal(ServerRequest request, Throwable failure) {
        String id = Exchange.freshId();
        String path = LogLine.word(request.prologue().uriPath().rawPath());
        LOG.log(
                System.Logger.Level.ERROR,
                "internal error " + id + " at " + path + ", request " + Exchange.id(),
                failure);
        return new Problem.Internal(id);
    }
}
