package io.chela.app;

import io.chela.api.Budget;
import io.chela.app.reload.FileWatch;
import io.chela.app.reload.Fingerprint;
import io.chela.edge.EdgeServer;
import io.chela.edge.LiveGateway;
import io.chela.edge.TlsIdentity;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;

/// Reads the configuration again when a file of it has changed, and puts the gateway that it makes in force:
/// all of it, or, when there is a mistake, nothing.
///
/// What became of it is told in the log: the paths that changed and never a value, and each mistake once.
final class Rereading implements AutoCloseable {
    /// How many paths are told at a time.
    private static final int MOST_TOLD = 20;

    private static final System.Logger LOG = System.getLogger(Rereading.class.getName());

    private final Reading.Source source;
    private final Building building;
    private final Parts parts;
    /// How long a stop waits for a reading.
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ReentrantLock lock = new ReentrantLock();
    private final Secrets secrets;
    private final Announcing announcing;
    private Building.Built built;
    private Map<String, Object> waiting = Map.of();
    private String refused = "";

    /// Of the reading under way: files that were known before it, and what they held.
    private Set<Path> known = Set.of();
    private String held = "";

    private volatile Set<Path> files;
    private volatile Optional<FileWatch> watch = Optional.empty();
    private volatile boolean closed;

    /// What a new gateway is put into.
    record Parts(LiveGateway live, EdgeServer edge, Budget budget, StateFolder state, Logging logging) {}

    /// @param first in force
    Rereading(Reading.Source source, Building building, Building.Built first, Parts parts) {
        this.source = source;
        this.building = building;
        this.built = first;
        this.parts = parts;
        this.secrets = new Secrets(parts.logging().masking());
        this.announcing = new Announcing(parts.state()::announce);
        this.files = files(first.reading());
        secrets.read(source, first.reading(), parts.state());
        secrets.inForce();
    }

    /// Starts to watch the files.
    void start() {
        watch = Optional.of(new FileWatch(() -> files, parts.state().path(), this::reread));
    }

    /// Has the configuration read soon, whether a file has changed or not. Returns at once.
    void ask() {
        watch.ifPresent(FileWatch::ask);
    }

    /// Reads the configuration and puts it in force, or says why not. One at a time.
    void reread() {
        lock.lock();
        try {
            if (!closed) {
                read();
            }
        } finally {
            lock.unlock();
        }
    }

    private void read() {
        announcing.again();
        known = files;
        held = Fingerprint.contents(known);
        try {
            Reading reading = source.read();
            files = both(files(built.reading()), files(reading));
            secrets.read(source, reading, parts.state());
            if (isEmptied(reading)) {
                refuse(reading.name(), List.of("it is empty or gone"));
            } else if (!reading.mistakes().isEmpty()) {
                refuse(reading.name(), reading.file().located(reading.mistakes()));
            } else {
                take(Restart.keeping(built.reading(), reading));
            }
        } catch (UsageException e) {
            refuse("the configuration", List.of(e.text().replaceFirst("^chela: ", "")));
        }
    }

    /// Nobody means that all of it be gone: the file is about to be written, or was taken away.
    private boolean isEmptied(Reading reading) {
        return reading.nodes().all().isEmpty() && !built.reading().nodes().all().isEmpty();
    }

    private void take(Restart next) {
        Credentials credentials = building.credentials(next.reading());
        List<String> changes = changes(next, credentials);
        if (!changes.isEmpty()) {
            List<String> mistakes = new ArrayList<>();
            var made = building.build(next.reading(), credentials, Optional.of(built), mistakes);
            if (made.isEmpty()) {
                refuse(next.reading().name(), next.reading().file().located(mistakes));
                return;
            }
            putInForce(made.get());
        }
        tell(changes, !refused.isEmpty());
        refused = "";
        if (!next.waiting().isEmpty() && !next.waiting().equals(waiting)) {
            LOG.log(
                    Level.WARNING,
                    "changed in the configuration, and the same until the gateway is started again: "
                            + String.join(", ", next.waiting().keySet()));
        }
        waiting = next.waiting();
    }

    private void putInForce(Building.Built next) {
        Building.Built before = built;
        built = next;
        files = files(next.reading());
        GatewayConfig config = next.reading().config();
        parts.budget().resize(config.limits().budget());
        parts.live().replace(next.gateway());
        parts.edge().reread();
        if (!before.reading().logs().equals(next.reading().logs())) {
            parts.logging().configure(next.reading().logs(), parts.state().path());
        }
        Optional<TlsIdentity> tls = identity(next.reading());
        if (!tls.map(TlsIdentity::fingerprint).equals(identity(before.reading()).map(TlsIdentity::fingerprint))) {
            announcing.tell(Wiring.url(config, parts.edge().port()), tls.map(TlsIdentity::fingerprint));
            tls.flatMap(identity -> identity.warning(next.gateway().clock().instant()))
                    .ifPresent(warning -> LOG.log(Level.WARNING, "gateway.tls.certPath: " + warning));
        }
        warn(before.reading(), next.reading());
        if (!before.choice().finding().equals(next.choice().finding())
                || !before.choice().warnings().equals(next.choice().warnings())) {
            next.choice().log();
        }
        secrets.inForce();
    }

    /// Tells the warnings that are new.
    private static void warn(Reading before, Reading next) {
        next.file().warnings().stream()
                .filter(warning -> !before.file().warnings().contains(warning))
                .forEach(warning -> LOG.log(Level.WARNING, warning));
    }

    private static Optional<TlsIdentity> identity(Reading of) {
        return of.config().web().edge().tls();
    }

    /// Paths of the configuration, and what changed outside of it.
    private List<String> changes(Restart next, Credentials credentials) {
        List<String> changes = new ArrayList<>(built.reading().differences(next.reading()));
        changes.removeIf(next::waits);
        if (!built.credentials().hasSecretOf(credentials)) {
            changes.add(credentials.file().map(Path::toString).orElse("the gateway's own secret"));
        }
        if (!identity(built.reading()).equals(identity(next.reading()))) {
            changes.add("the certificate");
        }
        return changes;
    }

    private void tell(List<String> changes, boolean mended) {
        if (changes.isEmpty() && !mended) {
            return;
        }
        String told = changes.stream().limit(MOST_TOLD).collect(Collectors.joining(", "))
                + (changes.size() > MOST_TOLD ? " and " + (changes.size() - MOST_TOLD) + " more" : "");
        LOG.log(
                Level.INFO,
                "the configuration was read again" + (mended ? " and is in order" : "") + "; changed: "
                        + (told.isEmpty() ? "nothing" : told));
    }

    /// Says it once for what the files hold. Not when that is no longer what was read: the watch has it read again,
    /// and what is wrong with it then would pass for told.
    private void refuse(String name, List<String> mistakes) {
        if (!Fingerprint.contents(known).equals(held)) {
            return;
        }
        String contents = Fingerprint.contents(files);
        if (contents.equals(refused)) {
            return;
        }
        refused = contents;
        // Without the colon after a path: the log would take what follows `token:` for a secret.
        String told = mistakes.stream()
                .map(mistake -> mistake.replaceFirst("^(\\S+): ", "$1 "))
                .collect(Collectors.joining("; "));
        LOG.log(
                Level.WARNING,
                name + " was not taken, and what was read before stays in force, since it has "
                        + (mistakes.size() == 1 ? "a mistake: " : mistakes.size() + " mistakes: ") + told);
    }

    private Set<Path> files(Reading reading) {
        Set<Path> all = new HashSet<>(reading.files());
        built.credentials().file().ifPresent(all::add);
        return all;
    }

    private static Set<Path> both(Set<Path> some, Set<Path> others) {
        Set<Path> all = new HashSet<>(some);
        all.addAll(others);
        return all;
    }

    /// Reads no more; a reading that is under way is waited for, but a disk that does not answer holds no stop up.
    @Override
    public void close() {
        closed = true;
        try {
            if (lock.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                lock.unlock();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        watch.ifPresent(FileWatch::close);
    }
}
