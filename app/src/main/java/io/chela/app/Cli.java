package io.chela.app;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// Every command but the gateway itself.
@Command(
        name = "chela",
        description = "An agent gateway: one port for OpenAI clients and OpenClaw clients, agents behind it.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Cli.Versions.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            GatewayCommand.class,
            AgentCommand.class,
            ModulesCommand.class,
            ConfigCommand.class,
            ModelsCommand.class
        })
final class Cli implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    static int execute(String... args) {
        return line().execute(args);
    }

    static CommandLine line() {
        return new CommandLine(new Cli()).setExecutionExceptionHandler((thrown, _, _) -> {
            if (thrown instanceof UsageException e) {
                System.err.println(e.text());
                return e.exitCode();
            }
            throw thrown;
        });
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command.");
    }

    static final class Versions implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"chela " + Version.TEXT};
        }
    }
}
