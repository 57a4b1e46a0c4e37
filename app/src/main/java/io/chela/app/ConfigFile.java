package io.chela.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.helidon.config.Config;
import io.helidon.config.ConfigException;
import io.helidon.config.ConfigSources;
import io.helidon.config.spi.ConfigNode;
import io.helidon.config.spi.ConfigParser;
import io.helidon.config.yaml.YamlConfigParser;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/// The configuration file: where it is, and what it says.
///
/// Only the file and the documented variables count: no generic environment source, since an orchestrator's
/// variable of the
/// right shape would then change a key.
///
/// @param path where it was read from; empty when there is none and the defaults hold
/// @param mistakes keys given twice, variables without a value; the rest is found when the keys are read
/// @param warnings what the file says and this program does not do, one sentence each; the gateway starts
/// @param files every file that was read or would be, were it there: this one, those it includes, `.env` files
/// @param environment the real environment, and beneath it what `.env` files add
record ConfigFile(
        Optional<Path> path,
        Config config,
        List<String> mistakes,
        List<String> warnings,
        List<Path> files,
        Map<String, String> environment) {
    /// The largest file that is read, in bytes.
    static final int MAX_BYTES = 4 * 1024 * 1024;

    /// Finds the file: the option, `CHELA_CONFIG`, `OPENCLAW_CONFIG_PATH`, `chela.yaml` in the state folder, in
    /// this order.
    ///
    /// @throws UsageException when a file that was named is not there or is no YAML
    static ConfigFile find(Optional<Path> option, Map<String, String> environment, Path stateFolder) {
        Optional<Path> named = option.or(() -> variable(environment, "CHELA_CONFIG"))
                .or(() -> variable(environment, "OPENCLAW_CONFIG_PATH"));
        if (named.isPresent()) {
            return read(named.get(), environment);
        }
        Path usual = stateFolder.resolve("chela.yaml");
        return Files.exists(usual)
                ? read(usual, environment)
                : new ConfigFile(Optional.empty(), Config.empty(), List.of(), List.of(), List.of(usual), environment);
    }

    private static Optional<Path> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(value -> !value.isBlank())
                .map(Path::of);
    }

    /// The mistakes of the readers, which begin with their path, with the place of each in the file; in its order.
    List<String> located(List<String> mistakes) {
        return mistakes;
    }

    static ConfigFile read(Path file, Map<String, String> environment) {
        byte[] bytes = bytes(file);
        try {
            List<String> mistakes = new ArrayList<>(YamlCheck.mistakes(new String(bytes, UTF_8)));
            if (!mistakes.isEmpty()) {
                return new ConfigFile(
                        Optional.of(file), Config.empty(), mistakes, List.of(), List.of(file), environment);
            }
            var variables = new Variables(environment);
            ConfigNode.ObjectNode tree = variables.resolve(YamlConfigParser.create()
                    .parse(ConfigParser.Content.builder()
                            .data(new ByteArrayInputStream(bytes))
                            .build()));
            return new ConfigFile(
                    Optional.of(file), config(tree), variables.mistakes(), List.of(), List.of(file), environment);
        } catch (ConfigException | YAMLException e) {
            throw UsageException.failed("chela: " + file + " is no valid YAML: " + reason(e));
        }
    }

    private static Config config(ConfigNode.ObjectNode tree) {
        return Config.builder(ConfigSources.create(tree))
                .disableEnvironmentVariablesSource()
                .disableSystemPropertiesSource()
                .disableValueResolving()
                .disableKeyResolving()
                .disableFilterServices()
                .disableParserServices()
                .build();
    }

    private static byte[] bytes(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw UsageException.failed("chela: the configuration file " + file + " is a folder");
            }
            if (Files.size(file) > MAX_BYTES) {
                throw UsageException.failed(
                        "chela: the configuration file " + file + " is larger than " + MAX_BYTES + " bytes");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw UsageException.failed("chela: the configuration file " + file + " cannot be read: "
                    + (Files.exists(file) ? String.valueOf(e.getMessage()) : "there is no such file"));
        }
    }

    /// The parser's cause names line and column; its stack of wrappers does not help anybody.
    private static String reason(Throwable e) {
        if (e instanceof MarkedYAMLException marked && marked.getProblemMark() != null) {
            Mark at = marked.getProblemMark();
            // Not its message: that shows the lines around, secrets too.
            return "line " + (at.getLine() + 1) + ", column " + (at.getColumn() + 1) + ": " + marked.getProblem();
        }
        Throwable deepest = e;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return String.valueOf(deepest.getMessage()).strip();
    }
}
