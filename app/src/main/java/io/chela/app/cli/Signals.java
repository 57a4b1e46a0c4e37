package io.chela.app.cli;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;

/// Signals of the system, such as `INT`, which Ctrl-C sends.
///
/// Java has no other way to them than `sun.misc.Signal`; the compiler warns of its use and cannot be told not to, and
/// warnings end our build, so it is looked up by name.
public final class Signals {
    private Signals() {}

    /// Has the action done, on a thread of its own, each time the signal comes, instead of what it does otherwise.
    /// False when the system does not let us.
    public static boolean on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            MethodHandle run = MethodHandles.lookup()
                    .findVirtual(Runnable.class, "run", methodType(void.class))
                    .bindTo(action);
            Object handles =
                    MethodHandleProxies.asInterfaceInstance(handler, MethodHandles.dropArguments(run, 0, signal));
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), handles);
            return true;
        } catch (ReflectiveOperationException _) {
            return false; // also when the JVM was told to leave signals alone (-Xrs)
        }
    }
}
