package io.chela.app;

import io.chela.app.models.FileName;
import io.chela.app.models.ModelFile;
import io.chela.app.models.ModelSearch;
import io.chela.app.models.Progress;
import io.chela.app.models.ProgressBar;
import io.chela.app.models.ProgressLines;
import io.chela.app.models.Pull;
import io.chela.app.models.Pulled;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `chela models list` and `chela models pull`.
@Command(
        name = "models",
        description = "Show which models there are, and fetch more.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ModelsCommand.ListThem.class, ModelsCommand.PullOne.class},
        footer = {
            "",
            "Examples:",
            "  chela models list",
            "  chela models pull smollm2",
            "  chela models pull https://example.com/some.gguf --sha256 9f86d0…"
        })
final class ModelsCommand {
    @Command(
            name = "list",
            description = "List the models that are configured, that were found on this machine, and that can be "
                    + "fetched. The one that answers has a star.",
            footer = {"", "Example:", "  chela models list --json"})
    static final class ListThem implements Runnable {
        @Option(names = "--config", paramLabel = "FILE", description = "The configuration.")
        private @Nullable Path config;

        @Mixin
        private StateFolderOption stateFolder = new StateFolderOption();

        @Mixin
        private JsonOption json = new JsonOption();

        @Override
        public void run() {
            var options = new GatewayOptions(
                    Optional.ofNullable(config),
                    Optional.empty(),
                    Optional.empty(),
                    stateFolder.given(),
                    Optional.empty());
            var source = new Reading.Source(options, System.getenv(), Extensions.load(Extensions.inImage()));
            var listing = ModelsListing.of(source, ModelSearch::new, ImageFolder.catalogue());
            json.print(listing.lines(), listing.json());
        }
    }

    @Command(
            name = "pull",
            description = "Fetch a model into the models folder. One that was broken off goes on where it was.",
            footer = {
                "",
                "Examples:",
                "  chela models pull smollm2",
                "  chela models pull https://example.com/some.gguf --sha256 9f86d0…",
                "The hash of a file is on the page that it comes from; without it nobody knows what came."
            })
    static final class PullOne implements Runnable {
        @Parameters(paramLabel = "NAME|URL", description = "A model of the catalogue, or the URL of a GGUF file.")
        private String target = "";

        @Option(names = "--sha256", paramLabel = "HEX", description = "The SHA-256 of the file at the URL.")
        private @Nullable String sha256;

        @Mixin
        private StateFolderOption stateFolder = new StateFolderOption();

        @Override
        public void run() {
            ModelFile wanted = wanted(target, Optional.ofNullable(sha256));
            Path state = stateFolder.locate();
            Path folder = StateFolder.models(state, ConfigFile.environment(System.getenv(), state));
            switch (new Pull(folder, progress()).pull(wanted)) {
                case Pulled.Failed(String why) -> throw UsageException.failed("chela: " + why);
                case Pulled.Ready(Path file, boolean before) -> {
                    System.out.println((before ? "is there already: " : "fetched ") + file);
                    System.out.println("Without a model in the configuration the gateway finds it; or name it there: "
                            + ModelSearch.LOCAL + "/"
                            + wanted.file().substring(0, wanted.file().lastIndexOf('.')));
                }
            }
        }

        private static Progress progress() {
            return Terminal.isStandardOutput() ? new ProgressBar(System.out) : new ProgressLines(System.out::println);
        }
    }

    /// What is to be fetched.
    ///
    /// @throws UsageException when that cannot be known
    static ModelFile wanted(String target, Optional<String> sha256) {
        boolean isUrl = target.contains("://");
        if (isUrl && sha256.isEmpty()) {
            throw UsageException.wrong("chela models pull: a URL needs --sha256 HEX, which its page shows");
        }
        if (!isUrl && sha256.isPresent()) {
            throw UsageException.wrong("chela models pull: --sha256 goes with a URL; the catalogue has its own");
        }
        try {
            return isUrl
                    ? FileName.of(target, sha256.orElseThrow())
                    : ImageFolder.catalogue().entry(target).file();
        } catch (IllegalArgumentException e) {
            throw UsageException.wrong("chela models pull: "
                    + (isUrl ? "" : "there is no model ") + e.getMessage()
                    + (isUrl ? "" : "; or give the URL of a GGUF file and --sha256"));
        }
    }
}
