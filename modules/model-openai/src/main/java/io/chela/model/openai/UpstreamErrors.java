package io.chela.model.openai;

import static io.chela.api.Problem.Upstream.Kind.BROKEN;
import static io.chela.api.Problem.Upstream.Kind.SILENT;

import io.chela.api.Problem;
import io.chela.api.Problem.Upstream.Fault;
import io.chela.api.Problem.Upstream.Kind;
import io.chela.api.ProblemException;
import io.helidon.common.buffers.DataReader.IncorrectNewLineException;
import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;

/// Says in a [Problem] what went wrong at a provider.
///
/// A refusal of the request itself carries the server's own words, since they are about what the caller
/// sent, and so does an error in mid-answer; a word about our key, bill or model stays ours. Whatever we
/// have that is secret is masked in their words.
///
/// @param place where the provider is and what it is reached through, without a credential
/// @param model the model's id as the provider is asked for it
record UpstreamErrors(String provider, String place, String model, Secrets secrets) {
    /// The longest message of a server that is passed on, in characters.
    static final int MAX_MESSAGE = 1_000;

    /// The longest header value that is shown, in characters.
    private static final int MAX_VALUE = 100;

    /// The status of an answer that was accepted and then made no sense. A problem that has it is none of the
    /// connection: asking again does not help.
    private static final Optional<Integer> ANSWERED = Optional.of(200);

    private static final int FIRST_REDIRECT = 300;
    private static final int FIRST_ERROR = 400;

    static UpstreamErrors of(OpenAiSettings settings, String model) {
        return new UpstreamErrors(
                settings.name(), settings.route().place(), model, Secrets.of(settings.headers(), settings.route()));
    }

    /// For an answer that is not 2xx.
    ProblemException status(int status, Optional<String> retryAfter, String body) {
        ServerError error = ServerError.ofBody(body);
        Kind kind = error.kind(status);
        return new ProblemException(new Problem.Upstream(
                kind,
                isRedirect(status) ? Optional.of(Fault.REDIRECT) : Optional.empty(),
                provider,
                Optional.of(status),
                text(sentence(kind, status, error.message())),
                retryAfter.flatMap(value -> RetryAfter.read(value, Instant.now()))));
    }

    private String sentence(Kind kind, int status, String theirs) {
        String number = " (status " + status + ").";
        return switch (kind) {
            case REJECTED, CONTEXT_LENGTH, CONTENT_FILTER ->
                "refused the request: " + (theirs.isBlank() ? "status " + status + "." : theirs(theirs));
            case UNAUTHORIZED ->
                (status == 403
                                ? "says that the gateway's credential lacks the permission for this"
                                : "did not accept the gateway's credential")
                        + number;
            case BILLING -> "wants to be paid first" + number;
            case UNKNOWN_MODEL -> "does not know the configured model '" + model + "' or path" + number;
            case RATE_LIMITED -> "limits the rate of requests" + number;
            case OVERLOADED -> "is overloaded" + number;
            case SILENT -> "timed out" + number;
            case BROKEN, UNKNOWN ->
                isRedirect(status)
                        ? "failed: it answered with a redirect, which is not followed" + number
                        : "failed" + number;
        };
    }

    private static boolean isRedirect(int status) {
        return status >= FIRST_REDIRECT && status < FIRST_ERROR;
    }

    /// For an error in an answer that was accepted: it counts like an answer of the status it implies.
    ProblemException inAnswer(ServerError error) {
        Optional<Integer> status = error.impliedStatus();
        Kind kind = error.kind(status.orElse(500));
        String words = error.message().isBlank() ? "no message." : theirs(error.message());
        String what = kind == BROKEN
                ? "reported an error in mid-answer: " + words
                : sentence(kind, status.orElse(500), error.message());
        return failure(kind, Optional.of(Fault.ERROR_IN_ANSWER), status, what);
    }

    /// For a call that failed below HTTP.
    ProblemException io(Exception cause) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            switch (at) {
                case ProxyFailure proxy -> {
                    return failure(
                            BROKEN,
                            Optional.of(Fault.PROXY),
                            proxy.lasting(),
                            "cannot be reached: the proxy " + proxy.getMessage());
                }
                case SocketTimeoutException timeout
                when isConnecting(timeout) -> {
                    return lost(Fault.UNREACHABLE, "cannot be reached: no connection came about in time.");
                }
                case SocketTimeoutException _ -> {
                    return failure(SILENT, Optional.empty(), Optional.empty(), "said nothing for too long.");
                }
                case SseReader.TooLarge large -> {
                    return nonsense(Fault.EVENT_TOO_LARGE, "sent " + large.getMessage() + ".");
                }
                case SseReader.TooSlow _ -> {
                    return slow();
                }
                case ProtocolException _ -> {
                    return nonsense(
                            Fault.NO_HTTP, "sent an answer whose status, length or chunks break the rules of HTTP.");
                }
                case EOFException _, InsufficientDataAvailableException _ -> {
                    return lost(Fault.BROKE_OFF, "closed the connection before its answer was whole.");
                }
                case ConnectException _ -> {
                    return lost(Fault.UNREACHABLE, "cannot be reached: it refuses the connection.");
                }
                case UnknownHostException _ -> {
                    return lost(Fault.UNKNOWN_HOST, "cannot be reached: its host name is not known.");
                }
                case CertificateException _ -> {
                    return lost(
                            Fault.TLS,
                            "cannot be reached: its certificate is not trusted, or is for another name;"
                                    + " request.tls.caPath names an authority of your own.");
                }
                case SSLException tls
                when !isAboutACertificate(tls) -> {
                    return lost(Fault.TLS, "cannot be reached: the TLS connection failed.");
                }
                default -> {}
            }
        }
        return isAboutTheHead(cause)
                ? lost(Fault.NO_HTTP, "answered with something that is no HTTP, or has a head of more than 16 KiB.")
                : lost(Fault.UNREACHABLE, "cannot be reached or broke the connection.");
    }

    private static boolean isAboutACertificate(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof CertificateException) {
                return true;
            }
        }
        return false;
    }

    /// What the client throws when it cannot read a status line or a header.
    private static boolean isAboutTheHead(Exception cause) {
        return cause instanceof IllegalStateException
                || cause instanceof IllegalArgumentException
                || cause instanceof IncorrectNewLineException;
    }

    /// For a call that was ended because it took too long.
    ProblemException slow(Exception how) {
        return how instanceof ProxyFailure
                ? lost(Fault.PROXY, "cannot be reached: the proxy " + ProxyFailure.SLOW)
                : slow();
    }

    /// For an answer that came, but too slowly.
    ProblemException slow() {
        return failure(SILENT, Optional.of(Fault.TOO_SLOW), Optional.empty(), "took too long for its answer.");
    }

    /// For an answer that we would have to decode.
    ProblemException encoded(String encoding) {
        return nonsense(
                Fault.ENCODING,
                "answered with the content encoding '" + shown(encoding) + "', which was not asked for.");
    }

    /// For an answer that is neither a stream nor JSON.
    ProblemException noStream(String type) {
        return nonsense(Fault.NO_STREAM, "answered with '" + shown(type) + "' where an event stream was asked for.");
    }

    /// A header's value, short and printable.
    private String shown(String value) {
        String masked = secrets.mask(value).replaceAll("[^\\x20-\\x7E]", "?");
        return masked.length() > MAX_VALUE ? masked.substring(0, MAX_VALUE) + "…" : masked;
    }

    /// The JDK tells the two time-outs apart by their words alone.
    private static boolean isConnecting(SocketTimeoutException timeout) {
        return String.valueOf(timeout.getMessage()).toLowerCase(Locale.ROOT).contains("connect timed out");
    }

    /// For a connection that was not made, or ended before the answer did.
    ProblemException lost(Fault fault, String what) {
        return failure(BROKEN, Optional.of(fault), Optional.empty(), what);
    }

    /// For an answer that was accepted and then made no sense.
    ProblemException nonsense(Fault fault, String what) {
        return failure(BROKEN, Optional.of(fault), ANSWERED, what);
    }

    private ProblemException failure(Kind kind, Optional<Fault> fault, Optional<Integer> status, String what) {
        return new ProblemException(new Problem.Upstream(kind, fault, provider, status, text(what), Optional.empty()));
    }

    private String text(String what) {
        return "The model provider '" + provider + "' at " + place + " " + what;
    }

    private String theirs(String words) {
        String masked = secrets.mask(words);
        return masked.length() > MAX_MESSAGE ? masked.substring(0, MAX_MESSAGE) + "…" : masked;
    }
}
