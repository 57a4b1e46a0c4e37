package io.chela.app;

import io.chela.app.reload.HangUpSignal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// The program `chela`.
public final class Main {
    static final int EXIT_OK = 0;
    static final int EXIT_FAILED = 1;
    static final int EXIT_USAGE = 2;

    private Main() {}

    public static void main(String[] args) throws Exception {
        List<String> arguments = Arrays.asList(args);
        try {
            if (isGateway(arguments)) {
                List<String> options = withoutRun(arguments.subList(1, arguments.size()));
                if (GatewayOptions.showsToken(options)) {
                    System.err.println(GatewayOptions.TOKEN_WARNING);
                }
                runGateway(GatewayOptions.parse(options));
            } else if (arguments.equals(List.of("self-test"))) {
                SelfTest.run();
            } else {
                System.exit(Cli.execute(args));
            }
        } catch (UsageException e) {
            System.err.println(e.text());
            System.exit(e.exitCode());
        }
    }

    /// `chela gateway` and `chela gateway run` start without picocli, which costs a quarter of a second; their help and
    /// the other commands of `gateway` do not.
    private static boolean isGateway(List<String> arguments) {
        return !arguments.isEmpty()
                && arguments.getFirst().equals("gateway")
                && (arguments.size() == 1
                        || arguments.get(1).equals("run")
                        || arguments.get(1).startsWith("--"))
                && !arguments.contains("--help")
                && !arguments.contains("-h")
                && !arguments.contains("--version");
    }

    private static List<String> withoutRun(List<String> arguments) {
        return !arguments.isEmpty() && arguments.getFirst().equals("run")
                ? arguments.subList(1, arguments.size())
                : arguments;
    }

    /// Runs until the process is told to stop, and then drains: exit 0.
    private static void runGateway(GatewayOptions options) {
        Instant started = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
        Thread.setDefaultUncaughtExceptionHandler(new Uncaught(System.err, Runtime.getRuntime()::halt));
        Logging logging = Logging.onConsole(System.err);
        RunningGateway gateway = start(options, logging);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(gateway), "stop"));
        logging.holdAtShutdown();
        HangUpSignal.handle(gateway::askToReread, () -> System.exit(EXIT_OK));
        try {
            gateway.awaitModel();
            long millis = Duration.between(started, Instant.now()).toMillis();
            List<String> lines = StartBlock.lines(gateway, millis);
            (Terminal.showsColours(System.getenv()) ? StartBlock.coloured(lines) : lines).forEach(System.out::println);
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static RunningGateway start(GatewayOptions options, Logging logging) {
        try {
            return new Wiring(options, System.getenv(), Extensions.load(Extensions.inImage()), logging).start();
        } catch (RuntimeException e) {
            logging.close();
            throw e;
        }
    }

    /// Ends with 0 where the JVM would report the signal: a supervisor reads anything else as a crash.
    private static void stop(RunningGateway gateway) {
        gateway.close();
        Runtime.getRuntime().halt(EXIT_OK);
    }
}
