package io.chela.app;

import io.chela.app.cli.Nearest;
import io.chela.app.cli.Printable;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// The options of `chela gateway run`. Read by hand, so that the gateway starts without loading picocli.
record GatewayOptions(
        Optional<Path> config,
        Optional<Integer> port,
        Optional<String> bind,
        Optional<Path> stateFolder,
        Optional<String> token) {
    static final List<String> NAMES = List.of("--config", "--port", "--bind", "--state-dir", "--token", "--token-file");

    /// For every command that takes `--token`.
    static final String TOKEN_WARNING = "warning: --token can be read by everybody on this machine;"
            + " use --token-file, or the variable OPENCLAW_GATEWAY_TOKEN";

    /// Tells whether the arguments hold the token itself.
    static boolean showsToken(List<String> arguments) {
        return arguments.stream().anyMatch(argument -> argument.equals("--token") || argument.startsWith("--token="));
    }

    static GatewayOptions none() {
        return new GatewayOptions(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /// Reads `--name value` and `--name=value`.
    ///
    /// @throws UsageException for an option that is unknown, has no value or a wrong one
    static GatewayOptions parse(List<String> arguments) {
        GatewayOptions options = none();
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (!NAMES.contains(name)) {
                throw wrong((name.startsWith("-") ? "unknown option '" : "unexpected argument '") + Printable.word(name)
                        + "'" + (name.startsWith("-") ? Nearest.question(name, NAMES) : ""));
            }
            String value = equals >= 0 ? argument.substring(equals + 1) : rest.hasNext() ? rest.next() : "";
            if (value.isBlank()) {
                throw wrong(name + " needs a value");
            }
            options = options.with(name, value);
        }
        return options;
    }

    private static UsageException wrong(String words) {
        return UsageException.wrong(
                "chela gateway: " + words + (words.endsWith("?") ? " See" : "; see") + ": chela gateway --help");
    }

    private GatewayOptions with(String name, String value) {
        return switch (name) {
            case "--config" -> new GatewayOptions(Optional.of(Path.of(value)), port, bind, stateFolder, token);
            case "--port" -> new GatewayOptions(config, Optional.of(port(value)), bind, stateFolder, token);
            case "--bind" -> new GatewayOptions(config, port, Optional.of(value), stateFolder, token);
            case "--state-dir" -> new GatewayOptions(config, port, bind, Optional.of(Path.of(value)), token);
            case "--token-file" -> new GatewayOptions(config, port, bind, stateFolder, Optional.of(tokenIn(value)));
            default -> new GatewayOptions(config, port, bind, stateFolder, Optional.of(value));
        };
    }

    private static String tokenIn(String file) {
        String token = GatewayAddress.read(Path.of(file));
        if (token.isBlank()) {
            throw UsageException.wrong("chela gateway: the token file " + file + " is empty");
        }
        return token;
    }

    private static int port(String value) {
        try {
            int port = Integer.parseInt(value);
            if (port >= 0 && port <= GatewayConfig.MAX_PORT) {
                return port;
            }
        } catch (NumberFormatException _) {
            // refused below, with the others
        }
        throw wrong("--port must be a number from 0 to 65535, not '" + value + "'");
    }
}
