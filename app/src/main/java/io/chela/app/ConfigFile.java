package io.chela.app;

import io.chela.app.config.BadFileException;
import io.chela.app.config.ConfigTree;
import io.chela.app.config.Loaded;
import io.helidon.config.Config;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The configuration file: where it is, and what it says. YAML, or JSON5 when its name ends in `.json` or
/// `.json5`.
///
/// Only the file and the documented variables count: no generic environment source, since an orchestrator's
/// variable of the right shape would then change a key.
///
/// @param path where it was read from; empty when there is none and the defaults hold
/// @param mistakes each with its path and its place: keys given twice, variables without a value; the rest is
///     found when the keys are read
/// @param warnings what the file says and this program does not do, one sentence each; the gateway starts
/// @param files every file that was read or would be, were it there: this one, those it includes, `.env`
///     files
/// @param environment the real environment, and beneath it what `.env` files and `env` in the file add
record ConfigFile(
        Optional<Path> path,
        Config config,
        List<String> mistakes,
        List<String> warnings,
        List<Path> files,
        Map<String, String> environment,
        Loaded loaded) {
    private static final System.Logger LOG = System.getLogger("io.chela.app");
    private static final List<String> USUAL = List.of("chela.yaml", "openclaw.json");

    /// Finds the file: the option, `CHELA_CONFIG`, `OPENCLAW_CONFIG_PATH`, `chela.yaml` in the state folder,
    /// `openclaw.json` there, in this order.
    ///
    /// @throws UsageException when a file that was named is not there, or the file cannot be read as a whole
    static ConfigFile find(Optional<Path> option, Map<String, String> environment, Path stateFolder) {
        Optional<Path> named = option.or(() -> variable(environment, "CHELA_CONFIG"))
                .or(() -> variable(environment, "OPENCLAW_CONFIG_PATH"));
        if (named.isPresent()) {
            return read(named.get(), environment, stateFolder);
        }
        List<Path> usual = USUAL.stream().map(stateFolder::resolve).toList();
        List<Path> there = usual.stream().filter(Files::exists).toList();
        ConfigFile file = there.isEmpty()
                ? of(Optional.empty(), Loaded.without(environment, stateFolder))
                : read(there.getFirst(), environment, stateFolder);
        return file.beside(usual, there.stream().skip(1).toList());
    }

    /// The file that is read, or the first one that would be.
    Path pathOrUsual(Path stateFolder) {
        return path.orElseGet(() -> stateFolder.resolve(USUAL.getFirst()));
    }

    /// The variables that count for a command beside a gateway: the real ones, and beneath them what `.env` files and
    /// the file add; the real ones alone when the file cannot be read, which is the gateway's to tell.
    static Map<String, String> environment(Map<String, String> environment, Path stateFolder) {
        try {
            return find(Optional.empty(), environment, stateFolder).environment();
        } catch (UsageException _) {
            return environment;
        }
    }

    /// The same, with the files that would have been read before or instead of it.
    private ConfigFile beside(List<Path> usual, List<Path> unread) {
        List<Path> all = new ArrayList<>(files);
        usual.stream().filter(file -> !all.contains(file)).forEach(all::add);
        return new ConfigFile(path, config, mistakes, warnings, all, environment, loaded)
                .warning(unread.stream()
                        .map(file -> file + " is not read, since there is a chela.yaml beside it")
                        .toList());
    }

    /// The same, with more warnings.
    ConfigFile warning(List<String> more) {
        List<String> told = new ArrayList<>(warnings);
        told.addAll(more);
        return new ConfigFile(path, config, mistakes, told, files, environment, loaded);
    }

    private static Optional<Path> variable(Map<String, String> environment, String name) {
        try {
            return Optional.ofNullable(environment.get(name))
                    .filter(value -> !value.isBlank())
                    .map(Path::of);
        } catch (InvalidPathException _) {
            throw UsageException.failed("chela: the variable " + name + " must be the path of a file");
        }
    }

    static ConfigFile read(Path file, Map<String, String> environment, Path stateFolder) {
        try {
            return of(Optional.of(file), Loaded.read(file, environment, stateFolder));
        } catch (BadFileException e) {
            throw UsageException.failed("chela: the configuration file " + file + " " + e.reason());
        }
    }

    private static ConfigFile of(Optional<Path> path, Loaded loaded) {
        return new ConfigFile(
                path,
                loaded.tree().config(),
                loaded.mistakes(),
                loaded.warnings(),
                loaded.files(),
                loaded.environment(),
                loaded);
    }

    /// The mistakes of the readers, which begin with their path, with the place of each in the file; those
    /// about what this file's own mistakes are about are left out, and what has its place stays as it is.
    List<String> located(List<String> mistakes) {
        return loaded.located(mistakes);
    }

    /// Writes the warnings into the log.
    void tellWarnings() {
        String name = path.map(Path::toString).orElse("the configuration");
        warnings.forEach(warning -> LOG.log(System.Logger.Level.WARNING, name + ": " + warning));
    }

    /// The values with their places.
    ConfigTree tree() {
        return loaded.tree();
    }
}
