package io.chela.store.sqlite;

import static java.lang.System.Logger.Level.ERROR;

import io.chela.api.Problem;
import io.chela.api.ProblemException;
import java.util.UUID;

/// A failure of the store: logged here, once, under the id that the caller gets to see.
final class Fault {
    private static final System.Logger LOG = System.getLogger(Fault.class.getPackageName());

    private Fault() {}

    static ProblemException of(String what, Throwable cause) {
        String id = UUID.randomUUID().toString();
        LOG.log(ERROR, "internal error " + id + ": " + what, cause);
        return new ProblemException(new Problem.Internal(id), cause);
    }
}
