package io.chela.app;

import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.BiConsumer;

/// Tells client commands of this machine where the gateway listens. What cannot be written, on a full disk,
/// is no reason to end or to undo anything: it is logged, and owed. For one thread at a time.
final class Announcing {
    private static final System.Logger LOG = System.getLogger(Announcing.class.getName());

    private final BiConsumer<String, Optional<String>> write;
    private Optional<Runnable> owed = Optional.empty();

    /// @param write what may throw a [UsageException]; see [StateFolder#announce]
    Announcing(BiConsumer<String, Optional<String>> write) {
        this.write = write;
    }

    /// @param certificate its SHA-256, with TLS
    void tell(String url, Optional<String> certificate) {
        owed = Optional.of(() -> write.accept(url, certificate));
        again();
    }

    /// Tries what is owed.
    void again() {
        try {
            owed.ifPresent(Runnable::run);
            owed = Optional.empty();
        } catch (UsageException e) {
            LOG.log(
                    Level.WARNING,
                    "commands on this machine may not find this gateway until the configuration is read again: "
                            + e.text().replaceFirst("^chela: ", ""));
        }
    }
}
