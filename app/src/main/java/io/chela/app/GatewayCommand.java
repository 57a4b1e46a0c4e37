package io.chela.app;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The help of `chela gateway`; [Main] starts the gateway itself, without this class.
@Command(
        name = "gateway",
        description = "Start the gateway.",
        footer = {"", "Example:", "  chela gateway --config config/quickstart.yaml --port 18790"})
@SuppressWarnings("UnusedVariable") // the fields are there for picocli to describe; GatewayOptions reads the arguments
final class GatewayCommand implements Runnable {
    @Option(names = "--config", paramLabel = "FILE", description = "The configuration, YAML.")
    private String config = "";

    @Option(names = "--port", paramLabel = "N", description = "The port; 0 for any free one.")
    private int port;

    @Option(names = "--bind", paramLabel = "HOST", description = "loopback, lan, or a host to listen on.")
    private String bind = "";

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            description = "Where sessions and the token are kept (~/.chela).")
    private String stateFolder = "";

    @Option(names = "--token", paramLabel = "SECRET", description = "The token; others on this machine can see it.")
    private String token = "";

    @Option(names = "--token-file", paramLabel = "FILE", description = "The file that holds the token.")
    private String tokenFile = "";

    @Override
    public void run() {
        throw UsageException.wrong("chela: unknown gateway command; write: chela gateway [run] [OPTIONS]");
    }
}
