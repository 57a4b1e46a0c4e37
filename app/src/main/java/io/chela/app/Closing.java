package io.chela.app;

import java.lang.System.Logger.Level;
import java.util.List;

/// Closes things one after the other; one that fails does not keep the next from being closed.
final class Closing {
    private static final System.Logger LOG = System.getLogger(Closing.class.getName());

    private Closing() {}

    static void all(List<? extends AutoCloseable> open) {
        for (AutoCloseable one : open) {
            try {
                one.close();
            } catch (Exception e) {
                LOG.log(Level.WARNING, "could not close " + one.getClass().getName(), e);
            }
        }
    }
}
