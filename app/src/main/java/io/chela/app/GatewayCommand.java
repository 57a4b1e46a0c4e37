package io.chela.app;

import java.nio.file.Path;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// The help of `chela gateway`, which [Main] starts itself, without this class; and the commands below it. The fields
/// are
/// there for picocli to describe: [GatewayOptions] reads the arguments.
@Command(
        name = "gateway",
        description = "Start the gateway; status, health and stop of one that runs.",
        subcommands = {GatewayCommand.Run.class, StatusCommand.class, HealthCommand.class, StopCommand.class},
        footer = {
            "",
            "Examples:",
            "  chela gateway --config config/quickstart.yaml --port 18790",
            "  chela gateway status",
            "  chela gateway stop"
        })
@SuppressWarnings("UnusedVariable")
final class GatewayCommand implements Runnable {
    @Mixin
    private Options options = new Options();

    @Override
    public void run() {
        throw UsageException.wrong("chela gateway: the options stand behind it; write: chela gateway [run] [OPTIONS]");
    }

    @Command(
            name = "run",
            description = "Start the gateway, as without a command.",
            footer = {"", "Example:", "  chela gateway run --config config/quickstart.yaml"})
    static final class Run implements Runnable {
        @Mixin
        private Options options = new Options();

        @Override
        public void run() {
            throw UsageException.wrong("chela gateway: write: chela gateway run [OPTIONS]");
        }
    }

    /// What [GatewayOptions] knows.
    static final class Options {
        @Option(names = "--config", paramLabel = "FILE", description = "The configuration.")
        private @Nullable Path config;

        @Option(names = "--port", paramLabel = "N", description = "The port; 0 for any free one.")
        private int port;

        @Option(
                names = "--bind",
                paramLabel = "HOST",
                completionCandidates = Binds.class,
                description = "loopback, lan, or a host to listen on.")
        private String bind = "";

        @Option(
                names = "--state-dir",
                paramLabel = "DIR",
                description = "Where sessions and the token are kept (~/.chela).")
        private @Nullable Path stateFolder;

        @Option(names = "--token", paramLabel = "SECRET", description = "The token; others on this machine can see it.")
        private String token = "";

        @Option(names = "--token-file", paramLabel = "FILE", description = "The file that holds the token.")
        private @Nullable Path tokenFile;
    }

    /// What `--bind` may be besides a host.
    static final class Binds extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Binds() {
            super(java.util.List.of("loopback", "lan"));
        }
    }
}
