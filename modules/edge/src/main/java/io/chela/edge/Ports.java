package io.chela.edge;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;

/// Tries an address before Helidon does, which only logs a stack trace when it cannot bind.
final class Ports {
    private Ports() {}

    /// Resolves the host and binds it for a moment; throws a sentence for the operator.
    static InetAddress check(String host, int port) {
        InetAddress address = resolve(host);
        try (var socket = ServerSocketChannel.open()) {
            socket.bind(new InetSocketAddress(address, port));
            return address;
        } catch (BindException e) {
            throw refused(host, port, e);
        } catch (IOException | UnsupportedOperationException e) {
            throw new IllegalStateException("cannot listen on " + host + ": " + e.getMessage(), e);
        }
    }

    private static InetAddress resolve(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("cannot listen on " + host + ": the name is unknown", e);
        }
    }

    private static IllegalStateException refused(String host, int port, BindException e) {
        String reason = String.valueOf(e.getMessage());
        return reason.contains("in use")
                ? inUse(host, port)
                : new IllegalStateException("cannot listen on " + host + ": " + reason, e);
    }

    static IllegalStateException inUse(String host, int port) {
        return new IllegalStateException("port " + port + " on " + host + " is in use");
    }

    static String print(String host, int port) {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
