package io.chela.app;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `chela config check` and `chela config show`.
@Command(
        name = "config",
        description = "Check the configuration, and show what is in force.",
        subcommands = {ConfigCommand.Check.class, ConfigCommand.Show.class},
        footer = {"", "Examples:", "  chela config check ~/.openclaw/openclaw.json", "  chela config show --json"})
final class ConfigCommand implements Runnable {
    @Override
    public void run() {
        throw UsageException.wrong("chela config: write: chela config check [FILE], or: chela config show [FILE]");
    }

    /// Which configuration is meant, and how it is printed.
    static final class What {
        @Parameters(arity = "0..1", paramLabel = "FILE", description = "The file; left out: what a start would read.")
        private @Nullable Path file;

        @Option(names = "--config", paramLabel = "FILE", description = "The same.")
        private @Nullable Path config;

        @Mixin
        private StateFolderOption stateFolder = new StateFolderOption();

        @Mixin
        private JsonOption json = new JsonOption();

        Reading.Source source(Optional<Integer> port, Optional<String> bind, Map<String, String> environment) {
            var options = new GatewayOptions(named(), port, bind, stateFolder.given(), Optional.empty());
            return new Reading.Source(options, environment, Extensions.load(Extensions.inImage()));
        }

        Optional<Path> named() {
            return Optional.ofNullable(file).or(() -> Optional.ofNullable(config));
        }

        void print(List<String> lines, ObjectNode tree) {
            json.print(lines, tree);
        }
    }

    @Command(
            name = "check",
            description =
                    "Say what of a file carries over, what does not, and every mistake. Exit 0, or 1 with a mistake.",
            footer = {"", "Examples:", "  chela config check", "  chela config check ~/.openclaw/openclaw.json --json"})
    static final class Check implements Callable<Integer> {
        @Mixin
        private What what = new What();

        @Override
        public Integer call() {
            ConfigCheck check = check(what.source(Optional.empty(), Optional.empty(), System.getenv()));
            what.print(check.lines(), check.json());
            return check.mistakes().isEmpty() ? Main.EXIT_OK : Main.EXIT_FAILED;
        }

        private ConfigCheck check(Reading.Source source) {
            try {
                return ConfigCheck.of(source);
            } catch (UsageException e) {
                return ConfigCheck.unreadable(what.named().map(Path::toString).orElse("the configuration"), e);
            }
        }
    }

    @Command(
            name = "show",
            description = "Show each key that is in force and where its value comes from; secrets are masked.",
            footer = {"", "Examples:", "  chela config show", "  chela config show --port 8080 --json"})
    static final class Show implements Callable<Integer> {
        @Mixin
        private What what = new What();

        @Option(names = "--port", paramLabel = "N", description = "As a start with this option would have it.")
        private @Nullable Integer port;

        @Option(names = "--bind", paramLabel = "HOST", description = "As a start with this option would have it.")
        private @Nullable String bind;

        @Override
        public Integer call() {
            ConfigShow show =
                    ConfigShow.of(what.source(Optional.ofNullable(port), Optional.ofNullable(bind), System.getenv()));
            what.print(show.lines(), show.json());
            return Main.EXIT_OK;
        }
    }
}
