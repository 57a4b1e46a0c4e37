package io.chela.app;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/// Every command but the gateway itself.
@Command(
        name = "chela",
        description = "An agent gateway: one port for OpenAI clients and OpenClaw clients, agents behind it.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Cli.Versions.class,
        sortOptions = false,
        subcommands = {
            GatewayCommand.class,
            ChatCommand.class,
            AgentCommand.class,
            ConfigCommand.class,
            ModelsCommand.class,
            ModulesCommand.class,
            CompletionCommand.class
        })
final class Cli {
    static int execute(String... args) {
        return line().execute(args);
    }

    static CommandLine line() {
        CommandLine line = new CommandLine(new Cli());
        line.getCommandSpec()
                .usageMessage()
                .footer(
                        "",
                        "Examples:",
                        "  chela gateway --config config/quickstart.yaml",
                        "  chela chat",
                        "  chela agent --message 'hi'",
                        "",
                        "Examples of each: chela COMMAND --help. Exit 0 ok, 1 failed, 2 wrong usage.")
                .synopsisSubcommandLabel("COMMAND");
        return line.setParameterExceptionHandler(WrongUsage::handle).setExecutionExceptionHandler((thrown, _, _) -> {
            if (thrown instanceof UsageException e) {
                System.err.println(e.text());
                return e.exitCode();
            }
            throw thrown;
        });
    }

    static final class Versions implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"chela " + Version.TEXT};
        }
    }
}
