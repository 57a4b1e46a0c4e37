package io.chela.agent.runtime;

import io.chela.api.spi.Models;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// How many [Providers] have each of the models that are open. Safe for many threads.
final class OpenModels {
    private static final System.Logger LOG = System.getLogger(OpenModels.class.getName());

    private final ReentrantLock lock = new ReentrantLock();
    private final IdentityHashMap<Models, Integer> owners = new IdentityHashMap<>();

    void take(Collection<Models> all) {
        lock.lock();
        try {
            all.forEach(models -> owners.merge(models, 1, Integer::sum));
        } finally {
            lock.unlock();
        }
    }

    /// Closes those that nobody else has; may take as long as a process takes to end.
    void giveBack(Collection<Models> all) {
        nobodys(all).forEach(OpenModels::close);
    }

    private List<Models> nobodys(Collection<Models> all) {
        List<Models> nobodys = new ArrayList<>();
        lock.lock();
        try {
            for (Models models : all) {
                if (owners.merge(models, -1, Integer::sum) == 0) {
                    owners.remove(models);
                    nobodys.add(models);
                }
            }
        } finally {
            lock.unlock();
        }
        return nobodys;
    }

    private static void close(Models models) {
        try {
            models.close();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "a model provider could not be closed", e);
        }
    }
}
