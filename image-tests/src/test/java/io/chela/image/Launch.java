package io.chela.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How a gateway is started: from which image, in which folder, with what around it.
///
/// @param folder holds the configuration, and the state folder `state` unless the environment names another
record Launch(Path image, Path folder, Map<String, String> environment, List<String> prefix, List<String> options) {
    /// The image that the build made.
    static final Path BUILT = Path.of(System.getProperty("chela.image", "../jlink/target/chela"))
            .toAbsolutePath()
            .normalize();

    /// On any free port.
    static Launch in(Path folder) {
        return new Launch(
                BUILT,
                folder,
                Map.of("CHELA_STATE_DIR", folder.resolve("state").toString()),
                List.of(),
                List.of("--port", "0"));
    }

    Launch from(Path other) {
        return new Launch(other, folder, environment, prefix, options);
    }

    Launch with(String name, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(name, value);
        return new Launch(image, folder, more, prefix, options);
    }

    /// A command in front, such as `setpriv`, that executes the launcher.
    Launch behind(String... command) {
        return new Launch(image, folder, environment, List.of(command), options);
    }

    /// The gateway's options, instead of `--port 0`.
    Launch options(String... instead) {
        return new Launch(image, folder, environment, prefix, List.of(instead));
    }

    /// The program of a gateway with this configuration.
    Program gateway(String config) throws IOException {
        Path file = Files.writeString(folder.resolve("gateway.yaml"), config);
        List<String> arguments = new ArrayList<>(List.of("gateway", "--config", file.toString()));
        arguments.addAll(options);
        return chela(arguments.toArray(String[]::new));
    }

    /// The program of any command of the launcher.
    Program chela(String... arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add(image.resolve("bin/chela").toString());
        command.addAll(List.of(arguments));
        return Program.in(folder, command.toArray(String[]::new)).with(environment);
    }

    /// Starts a gateway and waits until it is ready.
    Image start(String config) throws IOException, InterruptedException {
        return Image.start(gateway(config), stateFolder());
    }

    Path stateFolder() {
        return Path.of(environment.getOrDefault(
                "CHELA_STATE_DIR", folder.resolve("state").toString()));
    }
}
