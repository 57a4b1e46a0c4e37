package io.chela.app.reload;

import io.chela.app.cli.Signals;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// `SIGHUP`: has the configuration read again, as with other servers. When it comes because the terminal is
/// gone that the program was started in, it ends the program instead, as it always has.
public final class HangUpSignal {
    private static final Path TERMINAL = Path.of("/dev/tty");
    private static final System.Logger LOG = System.getLogger(HangUpSignal.class.getName());

    private HangUpSignal() {}

    /// Runs one of the actions at each signal, on a thread of its own. Where there is no such signal, nothing
    /// happens.
    public static void handle(Runnable asked, Runnable terminalGone) {
        boolean hadTerminal = hasTerminal();
        if (!Signals.on("HUP", () -> (hadTerminal && !hasTerminal() ? terminalGone : asked).run())) {
            LOG.log(Level.DEBUG, "there is no SIGHUP here"); // Windows, or the JVM was told to leave signals alone
        }
    }

    private static boolean hasTerminal() {
        try (var _ = FileChannel.open(TERMINAL, StandardOpenOption.READ)) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
