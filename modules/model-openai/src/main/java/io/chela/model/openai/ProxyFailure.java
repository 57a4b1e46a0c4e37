package io.chela.model.openai;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;

/// A proxy that did not lead to the server. The message goes on after "the proxy ".
final class ProxyFailure extends IOException {
    static final String SLOW = "did not open the tunnel in time.";

    private static final long serialVersionUID = 1;
    private static final int NONE = 0;
    private static final int ANSWERED = 200;

    /// What asks for a credential: 407, and 401 from tinyproxy when it was told a wrong one.
    private static final Set<Integer> UNAUTHENTICATED = Set.of(401, 407);

    private static final int FIRST_SERVER_ERROR = 500;

    private final int lasting;

    private ProxyFailure(String what, int lasting) {
        super(what);
        this.lasting = lasting;
    }

    /// For a proxy that answered no to `CONNECT`.
    ///
    /// @param known whether it was told a user and a password
    static ProxyFailure refused(int status, String authority, boolean known) {
        String what = UNAUTHENTICATED.contains(status)
                ? (known ? "did not accept the user and password of its URL" : "wants a user and a password in its URL")
                : "refused the tunnel to " + authority;
        return new ProxyFailure(what + " (status " + status + ").", status >= FIRST_SERVER_ERROR ? NONE : status);
    }

    /// For a proxy whose answer makes no sense.
    static ProxyFailure nonsense(String what) {
        return new ProxyFailure(what, ANSWERED);
    }

    /// For a proxy that was not reached, or was lost.
    static ProxyFailure lost(Exception cause) {
        String what = switch (cause) {
            case SocketTimeoutException _ -> SLOW;
            case ConnectException _ -> "refuses the connection.";
            case UnknownHostException _ -> "has a host name that is not known.";
            case SSLException _ -> "and the gateway found no common TLS, or its certificate is not trusted.";
            case EOFException _ -> "closed the connection before it opened the tunnel.";
            default -> "cannot be reached or broke the connection.";
        };
        var failure = new ProxyFailure(what, NONE);
        failure.initCause(cause);
        return failure;
    }

    /// The status that says that asking again does not help; empty when it might.
    Optional<Integer> lasting() {
        return lasting == NONE ? Optional.empty() : Optional.of(lasting);
    }
}
