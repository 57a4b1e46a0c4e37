package io.chela.app.models;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/// Fetches a file over HTTP: goes on where an earlier run was broken off, and tries again when a server lets go.
///
/// @param tries how often in a row without a new byte
/// @param pause before the second try; each further one waits longer by that
record WebDownload(WebAnswer.Patience patience, int tries, Duration pause, Progress progress) {
    static final int TRIES = 5;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    static WebDownload showing(Progress progress) {
        return new WebDownload(WebAnswer.Patience.USUAL, TRIES, PAUSE, progress);
    }

    /// Fetches it into a folder, whole and checked. What came of it so far stays beside it when it fails on the way.
    void fetch(ModelFile wanted, URI url, Path folder) throws IOException {
        try (PartFile part = PartFile.in(folder, wanted.file(), url)) {
            long best = part.length();
            int left = tries;
            while (!attempt(wanted, url, part, --left > 0)) {
                if (part.length() > best) {
                    best = part.length();
                    left = tries;
                }
                rest(tries - left);
            }
            finish(wanted, part, folder.resolve(wanted.file()));
        }
    }

    /// Tells whether it is whole now.
    ///
    /// @param again whether what may pass is only said, since there is another try
    private boolean attempt(ModelFile wanted, URI url, PartFile part, boolean again) throws IOException {
        try (WebAnswer answer = WebAnswer.of(url, part, patience)) {
            read(wanted, url, part, answer);
            return true;
        } catch (PullException e) {
            if (!e.isPassing() || !again) {
                throw e;
            }
            progress.say(e.why().replaceFirst(": (check|try) .*", "") + "; trying again");
            return false;
        }
    }

    private void read(ModelFile wanted, URI url, PartFile part, WebAnswer answer) throws IOException {
        if (answer.status() == WebAnswer.NOT_SATISFIABLE) {
            part.startAnew();
            throw PullException.passing("the file has changed since the last try: try again");
        }
        if (answer.status() == WebAnswer.OK) {
            part.startAnew(); // also a server that knows no ranges, or whose file is another one now
        }
        long total = total(part, answer);
        if (wanted.bytes().orElse(total) != total) {
            throw PullException.lasting("the file there has " + total + " bytes, and should have "
                    + wanted.bytes().getAsLong() + ": check where it comes from");
        }
        Disk.needs(part.folder(), total - part.length());
        part.comesFrom(answer.state());
        progress.start(wanted.file(), part.length(), total);
        try {
            copy(url, answer, part, total);
        } finally {
            progress.end();
        }
    }

    private static long total(PartFile part, WebAnswer answer) throws IOException {
        try {
            return answer.total(part.length());
        } catch (PullException e) {
            part.startAnew(); // it cannot be gone on with
            throw e;
        }
    }

    private void copy(URI url, WebAnswer answer, PartFile part, long total) throws IOException {
        byte[] buffer = new byte[Hash.BUFFER];
        InputStream body = answer.body();
        while (part.length() < total) {
            int most = (int) Math.min(buffer.length, total - part.length());
            int read = readFully(url, body, buffer, most, part.length() == 0);
            if (read <= 0) {
                throw PullException.passing(
                        "the download ended after " + part.length() + " of " + total + " bytes: try again to go on");
            }
            if (part.length() == 0) {
                requireGguf(buffer, read);
            }
            part.write(buffer, read);
            progress.at(part.length());
        }
    }

    /// Reads some; at the beginning enough to see what it is.
    private int readFully(URI url, InputStream body, byte[] buffer, int most, boolean first) throws PullException {
        try {
            int read = body.read(buffer, 0, most);
            while (first && read >= 0 && read < Math.min(most, GgufFile.MAGIC.length())) {
                int more = body.read(buffer, read, most - read);
                if (more < 0) {
                    return read;
                }
                read += more;
            }
            return read;
        } catch (IOException e) {
            throw WebAnswer.unreachable(url, e, patience);
        }
    }

    private static void requireGguf(byte[] bytes, int count) throws PullException {
        byte[] magic = GgufFile.MAGIC.getBytes(US_ASCII);
        if (count < magic.length || !Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length)) {
            String text = new String(bytes, 0, Math.min(count, 512), US_ASCII).strip();
            throw PullException.lasting("what came is no GGUF file"
                    + (text.startsWith("<") ? " but a web page: use the link of the file itself" : ": check the URL"));
        }
    }

    private static void finish(ModelFile wanted, PartFile part, Path file) throws IOException {
        long bytes = part.length();
        String sha256 = part.sha256();
        if (!sha256.equals(wanted.sha256())) {
            part.delete();
            throw PullException.lasting("what came is not what it should be (" + bytes + " bytes, SHA-256 " + sha256
                    + "): check the URL and the hash");
        }
        part.publish(file);
    }

    private void rest(int times) throws PullException {
        try {
            Thread.sleep(pause.multipliedBy(times));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw PullException.lasting("the download was stopped: start again to go on");
        }
    }
}
