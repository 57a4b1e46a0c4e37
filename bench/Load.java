package bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/// Callers that send one request after the other, each over its own keep-alive connection on a virtual thread.
///
/// Every answer is read whole and looked at; a wrong one ends the load with an exception.
///
/// @param texts how often `text` must be in each answer
record Load(int port, byte[] request, int connections, String text, int texts) {
    /// A caller that hears nothing for so long gives up.
    private static final Duration SILENCE = Duration.ofSeconds(60);

    /// Sends until the time is over, and waits for the last answers.
    Result run(Duration time) throws IOException, InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        return run(() -> System.nanoTime() < end);
    }

    /// Sends so many in all.
    Result run(int requests) throws IOException, InterruptedException {
        var left = new AtomicInteger(requests);
        return run(() -> left.getAndDecrement() > 0);
    }

    private Result run(BooleanSupplier more) throws IOException, InterruptedException {
        long start = System.nanoTime();
        List<Future<Result.Times>> callers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < connections; i++) {
                callers.add(threads.submit((Callable<Result.Times>) () -> call(more)));
            }
            var all = new Result.Times();
            for (Future<Result.Times> caller : callers) {
                all.add(caller.get());
            }
            return all.result(System.nanoTime() - start);
        } catch (ExecutionException e) {
            throw new IOException("a caller failed: " + e.getCause(), e);
        }
    }

    private Result.Times call(BooleanSupplier more) throws IOException {
        var times = new Result.Times();
        try (var socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) SILENCE.toMillis());
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            var wire = new Wire(socket.getInputStream());
            while (more.getAsBoolean()) {
                long sent = System.nanoTime();
                socket.getOutputStream().write(request);
                String head = wire.head();
                byte[] body = wire.body(head);
                times.add(wire.firstBodyNanos() - sent, System.nanoTime() - sent);
                check(head, new String(body, ISO_8859_1));
            }
        }
        return times;
    }

    private void check(String head, String body) throws IOException {
        if (!head.startsWith("http/1.1 200 ")) {
            throw new IOException("answered: " + head + "\n" + body);
        }
        int found = 0;
        for (int at = body.indexOf(text); at >= 0; at = body.indexOf(text, at + text.length())) {
            found++;
        }
        if (found != texts) {
            throw new IOException("expected '" + text + "' " + texts + " times, not " + found + ", in: " + body);
        }
    }
}
