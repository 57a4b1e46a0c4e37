package io.chela.app;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `chela gateway stop`: has the gateway of a state folder end, and waits for it.
@Command(
        name = "stop",
        description = "Stop the gateway of a state folder, once its running turns ended.",
        footer = {"", "Examples:", "  chela gateway stop", "  chela gateway stop --state-dir /var/lib/chela"})
final class StopCommand implements Callable<Integer> {
    /// Longer than a gateway lets its turns run on, and closes.
    private static final Duration PATIENCE = RunningGateway.DRAIN.plusSeconds(15);

    private static final Duration POLL = Duration.ofMillis(50);

    /// When a stop is worth a word before it is done.
    private static final Duration QUICK = Duration.ofSeconds(1);

    @Mixin
    private StateFolderOption stateFolder = new StateFolderOption();

    @Override
    public Integer call() throws InterruptedException {
        Path folder = stateFolder.locate();
        ProcessHandle process = FolderHolder.of(folder)
                .orElseThrow(() -> UsageException.failed("chela: no gateway is running on " + folder))
                .process()
                .orElseThrow(() -> UsageException.failed("chela: the gateway on " + folder
                        + " is another user's or in another container; stop it there"));
        terminate(process, folder);
        if (!ended(process, folder)) {
            throw UsageException.failed("chela: the gateway (process " + process.pid() + ") has not ended within "
                    + PATIENCE.toSeconds() + " s; its log says why; to end it at once: kill -9 " + process.pid());
        }
        System.out.println("stopped the gateway on " + folder + " (process " + process.pid() + ")");
        return Main.EXIT_OK;
    }

    /// The handle knows when its process started, so it never ends another that has the same id by now.
    private static void terminate(ProcessHandle process, Path folder) {
        boolean told;
        try {
            told = process.destroy();
        } catch (IllegalStateException _) {
            throw UsageException.failed("chela: this is the gateway's own process");
        }
        if (!told && process.isAlive()) {
            throw UsageException.failed("chela: the gateway on " + folder + " (process " + process.pid()
                    + ") may not be stopped by this user; stop it as its own user");
        }
    }

    /// Ended is also who has let go of the folder and waits for a parent to look after it.
    private static boolean ended(ProcessHandle process, Path folder) throws InterruptedException {
        long start = System.nanoTime();
        boolean said = false;
        while (process.isAlive() && FolderHolder.holds(process, folder.resolve(FolderHolder.LOCK))) {
            long nanos = System.nanoTime() - start;
            if (nanos > PATIENCE.toNanos()) {
                return false;
            }
            if (!said && nanos > QUICK.toNanos()) {
                System.err.println("waiting for running turns, at most " + RunningGateway.DRAIN.toSeconds() + " s");
                said = true;
            }
            Thread.sleep(POLL);
        }
        return true;
    }
}
