package io.chela.app.models;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import javax.net.ssl.SSLException;

/// Fetches a file over HTTP: goes on where an earlier run was broken off, and tries again when a server lets go.
///
/// @param tries how often in a row without a new byte
/// @param pause before the second try; each further one waits longer by that
record WebDownload(WebAnswer.Patience patience, int tries, Duration pause, Progress progress) {
    static final int TRIES = 5;

    /// How much is looked at to see what it is.
    private static final int BEGINNING = 512;

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
            if (part.sha256().equals(wanted.sha256())) {
                return; // it was whole, and something ended the last try before it had its name
            }
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
        if (total == 0) {
            throw PullException.lasting("the file there is empty: check the URL");
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

    private void copy(URI url, WebAnswer answer, PartFile part, long total) throws PullException {
        byte[] buffer = new byte[Hash.BUFFER];
        try {
            InputStream body = answer.body();
            if (part.length() == 0) {
                int begun = body.readNBytes(buffer, 0, (int) Math.min(BEGINNING, total));
                requireGguf(buffer, begun);
                part.write(buffer, begun);
            }
            while (part.length() < total) {
                int read = body.read(buffer, 0, (int) Math.min(buffer.length, total - part.length()));
                if (read < 0) {
                    throw ended(part, total);
                }
                part.write(buffer, read);
                progress.at(part.length());
            }
        } catch (PullException e) {
            throw e;
        } catch (SocketTimeoutException | SSLException e) {
            throw WebAnswer.unreachable(url, e, patience);
        } catch (IOException _) {
            throw ended(part, total);
        }
    }

    private static PullException ended(PartFile part, long total) {
        return PullException.passing(
                "the download ended after " + part.length() + " of " + total + " bytes: try again to go on");
    }

    private static void requireGguf(byte[] bytes, int count) throws PullException {
        byte[] magic = GgufFile.MAGIC.getBytes(US_ASCII);
        if (!Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length)) {
            String text = new String(bytes, 0, count, US_ASCII).strip();
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
