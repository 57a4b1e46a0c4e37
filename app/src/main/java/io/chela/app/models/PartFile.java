package io.chela.app.models;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What has come of a file so far, beside its place: `NAME.part`, and in `NAME.part.from` the URL and what tells
/// one state of it from the next, so that a later run can go on.
final class PartFile implements AutoCloseable {
    private final Path folder;
    private final Path part;
    private final Path from;
    private final URI url;
    private final FileChannel channel;
    private MessageDigest digest = Hash.sha256();
    private long length;
    private @Nullable String validator;

    private PartFile(Path folder, Path part, Path from, URI url, FileChannel channel) {
        this.folder = folder;
        this.part = part;
        this.from = from;
        this.url = url;
        this.channel = channel;
    }

    /// Opens it, with what an earlier run left of the same URL.
    static PartFile in(Path folder, String name, URI url) throws IOException {
        Path part = folder.resolve(name + ".part");
        Path from = folder.resolve(name + ".part.from");
        var opened = new PartFile(folder, part, from, url, Disk.own(part));
        List<String> lines = Files.isRegularFile(from) ? Files.readAllLines(from) : List.of();
        if (lines.size() == 2 && lines.getFirst().equals(url.toString())) {
            Hash.update(opened.digest, part);
            opened.length = Files.size(part);
            opened.channel.position(opened.length);
            opened.validator = lines.getLast();
        } else {
            opened.startAnew();
        }
        return opened;
    }

    Path folder() {
        return folder;
    }

    /// How many bytes are there.
    long length() {
        return length;
    }

    /// For `If-Range`; empty when nothing is there, or the server names no state.
    Optional<String> validator() {
        return length > 0 ? Optional.ofNullable(validator) : Optional.empty();
    }

    /// Notes which state of the file comes. Without one a broken download starts anew.
    void comesFrom(Optional<String> state) throws IOException {
        validator = state.orElse(null);
        if (state.isPresent()) {
            Files.deleteIfExists(from); // also a link, which would be written through
            Files.writeString(from, url + "\n" + state.get() + "\n", StandardOpenOption.CREATE_NEW);
        } else {
            Files.deleteIfExists(from);
        }
    }

    void startAnew() throws IOException {
        channel.truncate(0);
        channel.position(0);
        digest = Hash.sha256();
        length = 0;
        validator = null;
        Files.deleteIfExists(from);
    }

    /// Adds some.
    ///
    /// @throws PullException when the disk does not take it
    void write(byte[] bytes, int count) throws PullException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            throw PullException.lasting(Disk.refusal(folder, e));
        }
        digest.update(bytes, 0, count);
        length += count;
    }

    /// Of all that is there.
    String sha256() {
        return Hash.hex(digest);
    }

    void publish(Path file) throws IOException {
        Disk.publish(part, file);
        Files.deleteIfExists(from);
    }

    void delete() throws IOException {
        Files.deleteIfExists(from);
        Files.deleteIfExists(part);
    }

    /// What is worth going on with stays.
    @Override
    public void close() throws IOException {
        channel.close();
        if (length == 0) {
            delete();
        }
    }
}
