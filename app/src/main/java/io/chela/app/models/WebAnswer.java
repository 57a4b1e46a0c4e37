package io.chela.app.models;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/// The answer to one request for a file, behind every redirect; its body is still to be read.
final class WebAnswer implements AutoCloseable {
    /// How many redirects are followed.
    static final int MAX_REDIRECTS = 5;

    static final int OK = 200;
    static final int PARTIAL = 206;
    static final int NOT_SATISFIABLE = 416;

    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18})");
    private static final int SERVER_ERRORS = 500;

    private final HttpURLConnection connection;
    private final URI url;
    private final int status;

    private WebAnswer(HttpURLConnection connection, URI url, int status) {
        this.connection = connection;
        this.url = url;
        this.status = status;
    }

    /// How long a server may take.
    ///
    /// @param connect for a connection
    /// @param silence without a byte
    record Patience(Duration connect, Duration silence) {
        static final Patience USUAL = new Patience(Duration.ofSeconds(10), Duration.ofSeconds(30));
    }

    /// Asks for a file, from a byte on when there is something to go on with.
    ///
    /// @throws PullException when there is no answer, or it is no file
    static WebAnswer of(URI url, PartFile part, Patience patience) throws PullException {
        URI next = url;
        for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
            WebAnswer answer = ask(next, part, patience);
            if (answer.status == OK || answer.status == PARTIAL || answer.status == NOT_SATISFIABLE) {
                return answer;
            }
            try (answer) {
                next = answer.redirect();
            }
        }
        throw PullException.lasting(host(url) + " redirects more than " + MAX_REDIRECTS
                + " times: check the URL, perhaps it is a page that wants you to log in");
    }

    private static WebAnswer ask(URI url, PartFile part, Patience patience) throws PullException {
        try {
            var connection = (HttpURLConnection) url.toURL().openConnection();
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            connection.setConnectTimeout((int) patience.connect().toMillis());
            connection.setReadTimeout((int) patience.silence().toMillis());
            connection.setRequestProperty("User-Agent", "chela");
            connection.setRequestProperty("Accept", "*/*");
            connection.setRequestProperty("Accept-Encoding", "identity");
            part.validator().ifPresent(state -> {
                connection.setRequestProperty("Range", "bytes=" + part.length() + "-");
                connection.setRequestProperty("If-Range", state);
            });
            int status = connection.getResponseCode();
            if (status < 0) {
                throw PullException.lasting(host(url) + " does not answer as a web server does: check the URL");
            }
            return new WebAnswer(connection, url, status);
        } catch (PullException e) {
            throw e;
        } catch (IOException e) {
            throw unreachable(url, e, patience);
        }
    }

    /// Why reading from a server failed.
    static PullException unreachable(URI url, IOException e, Patience patience) {
        String host = host(url);
        return switch (e) {
            case SocketTimeoutException _ ->
                PullException.passing(host + " said nothing for " + Size.of(patience.silence()) + ": try again later");
            case UnknownHostException _ ->
                PullException.lasting(
                        "there is no host " + url.getHost() + ", or no network: check the URL and " + "the network");
            case ConnectException _, NoRouteToHostException _ ->
                PullException.passing(host + " cannot be reached: check the URL, the network, and whether a proxy is "
                        + "needed (CHELA_JAVA_OPTS=\"-Dhttps.proxyHost=… -Dhttps.proxyPort=…\")");
            case SSLException _ ->
                PullException.lasting(
                        "the certificate of " + host + " cannot be trusted, or it speaks no TLS: check " + "the URL");
            default -> PullException.passing(host + " broke the connection: try again");
        };
    }

    /// The host as it is shown: without what else a URL may hold, such as a signature.
    private static String host(URI url) {
        return url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    private URI redirect() throws PullException {
        return switch (status) {
            case 301, 302, 303, 307, 308 -> {
                String target = Optional.ofNullable(connection.getHeaderField("Location"))
                        .orElseThrow(() -> PullException.lasting(
                                host(url) + " redirects (" + status + ") to nowhere: check the URL"));
                yield target(url, target);
            }
            case 401, 403 ->
                throw PullException.lasting(host(url) + " wants to know who asks (" + status
                        + "): get the file with a browser, and put it into the models folder");
            case 404, 410 ->
                throw PullException.lasting(host(url) + " has no such file (" + status + "): check the URL");
            case 429 -> throw PullException.passing(host(url) + " has too many requests (429): try again later");
            default -> {
                String said = host(url) + " answered with status " + status;
                throw status >= SERVER_ERRORS
                        ? PullException.passing(said + ": try again later")
                        : PullException.lasting(said + ": check the URL");
            }
        };
    }

    /// Where a redirect leads: with the same scheme, or to https.
    static URI target(URI url, String location) throws PullException {
        URI target;
        try {
            target = url.resolve(location);
        } catch (IllegalArgumentException _) {
            throw PullException.lasting(host(url) + " redirects to what is no URL: check the URL");
        }
        boolean same = url.getScheme().equalsIgnoreCase(target.getScheme());
        if (target.getHost() == null || !(same || "https".equalsIgnoreCase(target.getScheme()))) {
            throw PullException.lasting(host(url) + " redirects from " + url.getScheme() + " to " + target.getScheme()
                    + ", which is not followed: check the URL");
        }
        return target;
    }

    /// `200`, `206` or `416`.
    int status() {
        return status;
    }

    /// How many bytes the whole file has.
    ///
    /// @throws PullException when the server does not say it, or does not send what was asked for
    long total(long offset) throws PullException {
        String encoding = connection.getContentEncoding();
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw PullException.lasting(host(url) + " sends it packed (" + clean(encoding) + "): check the URL");
        }
        long length = connection.getContentLengthLong();
        if (length < 0) {
            throw PullException.lasting(host(url) + " does not say how large the file is, so it may have no end: get "
                    + "it by other means, and put it into the models folder");
        }
        if (status == OK) {
            return length;
        }
        Matcher range = CONTENT_RANGE.matcher(String.valueOf(connection.getHeaderField("Content-Range")));
        if (range.matches()) {
            long total = Long.parseLong(range.group(3));
            if (Long.parseLong(range.group(1)) == offset
                    && Long.parseLong(range.group(2)) == total - 1
                    && length == total - offset) {
                return total;
            }
        }
        throw PullException.passing(host(url) + " sends another part of the file than was asked for: try again");
    }

    private static String clean(String header) {
        return header.replaceAll("[^\\w.,-]", "?");
    }

    /// What `If-Range` may name: a strong entity tag, else the time of its last change.
    Optional<String> state() {
        return Optional.ofNullable(connection.getHeaderField("ETag"))
                .filter(tag -> tag.startsWith("\""))
                .or(() -> Optional.ofNullable(connection.getHeaderField("Last-Modified")))
                .filter(text -> text.chars().allMatch(c -> c >= ' ' && c < 0x7f));
    }

    InputStream body() throws IOException {
        return connection.getInputStream();
    }

    /// Hangs up: what is left of a body may be endless.
    @Override
    public void close() {
        connection.disconnect();
    }
}
