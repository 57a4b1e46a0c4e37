package io.chela.app.reload;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.reflect.Proxy;
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
        handle(() -> (hadTerminal && !hasTerminal() ? terminalGone : asked).run());
    }

    /// By reflection: `sun.misc.Signal` is the only way to hear of a signal, and javac warns of its name in a
    /// way that nothing can turn off, where warnings are errors.
    private static void handle(Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ours =
                    Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (self, method, _) -> {
                        return switch (method.getName()) {
                            case "equals" -> false;
                            case "hashCode" -> System.identityHashCode(self);
                            case "toString" -> HangUpSignal.class.getName();
                            default -> {
                                action.run();
                                yield null;
                            }
                        };
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), ours);
        } catch (ReflectiveOperationException e) {
            // Windows, or the JVM was told to leave signals alone
            LOG.log(Level.DEBUG, "there is no SIGHUP here", e);
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
