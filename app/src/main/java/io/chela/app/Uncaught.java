package io.chela.app;

import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.util.function.IntConsumer;

/// What becomes of a failure that no code caught: it is logged, but one that says that memory has run out
/// ends the process.
///
/// The JVM ends it by itself when the heap is full (`-XX:+ExitOnOutOfMemoryError`); this is for what the
/// class library throws: no more direct buffers, threads or longer arrays. Any thread.
final class Uncaught implements Thread.UncaughtExceptionHandler {
    /// The JVM's own status when it ends for want of memory.
    static final int EXIT_OUT_OF_MEMORY = 3;

    private static final System.Logger LOG = System.getLogger(Uncaught.class.getName());

    private final PrintStream err;
    private final IntConsumer exit;

    /// @param exit ends the process at once, without its hooks, which would need memory
    Uncaught(PrintStream err, IntConsumer exit) {
        this.err = err;
        this.exit = exit;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        if (failure instanceof OutOfMemoryError) {
            try {
                err.println("chela: out of memory (" + failure.getMessage()
                        + "), so this process ends with status 3: raise CHELA_HEAP, or allow fewer connections");
            } finally {
                exit.accept(EXIT_OUT_OF_MEMORY);
            }
        } else {
            LOG.log(Level.ERROR, "a thread failed", failure);
        }
    }
}
