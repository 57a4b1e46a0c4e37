package io.chela.edge;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// Bounds what one caller, and all callers together, can make the gateway hold or wait for.
///
/// @param bodyBytes largest request body
/// @param headerBytes largest header section of a request
/// @param requestLineBytes longest request line
/// @param readAheadBytes so much may wait to be taken before no more is read; what is read notices a hang-up
/// @param connections most open connections; one more gets 503
/// @param times how long each phase of a connection may last
public record EdgeLimits(
        long bodyBytes, int headerBytes, int requestLineBytes, int readAheadBytes, int connections, Times times) {
    public static final EdgeLimits DEFAULTS =
            new EdgeLimits(20L * 1024 * 1024, 16 * 1024, 8 * 1024, 8 * 1024, 16_384, Times.DEFAULTS);

    /// Bounds the phases of a connection.
    ///
    /// @param headers from the first byte of a request (of a connection, for its first request) to its last
    ///     header
    /// @param body waiting for the body, in all; each 16 KiB that arrive buy one second more
    /// @param idle from an answer to the next request's first byte
    /// @param write one write of at most 64 KiB to a caller that does not read
    /// @param shutdown what [EdgeServer#close()] gives requests to end
    public record Times(Duration headers, Duration body, Duration idle, Duration write, Duration shutdown) {
        private static final int SLOWEST_BODY_BYTES_PER_SECOND = 16 * 1024;

        public static final Times DEFAULTS = new Times(
                Duration.ofSeconds(15),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10));

        /// How much more time a body has because so much of it came, in nanoseconds.
        static long earnedNanos(long bytes) {
            return bytes * TimeUnit.SECONDS.toNanos(1) / SLOWEST_BODY_BYTES_PER_SECOND;
        }
    }

    /// These limits with another size of bodies and another number of connections.
    public EdgeLimits with(long newBodyBytes, int newConnections) {
        return new EdgeLimits(newBodyBytes, headerBytes, requestLineBytes, readAheadBytes, newConnections, times);
    }

    public EdgeLimits {
        if (bodyBytes < 1 || headerBytes < 1 || requestLineBytes < 1 || readAheadBytes < 1 || connections < 1) {
            throw new IllegalArgumentException("limits are positive");
        }
    }
}
