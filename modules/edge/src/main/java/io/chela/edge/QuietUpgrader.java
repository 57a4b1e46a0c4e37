package io.chela.edge;

import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.spi.Http1RoutedUpgrade;
import io.helidon.webserver.http1.spi.Http1RoutedUpgrader;
import io.helidon.webserver.http1.spi.Http1UpgradeResponse;
import io.helidon.webserver.http1.spi.Http1UpgradeResult;
import io.helidon.webserver.spi.ServerConnection;
import java.time.Duration;
import java.util.Optional;

/// Wraps Helidon's WebSocket upgrader: Origin is hidden from its fixed rule, so that a door's filter decides,
/// and a
/// frame it cannot read closes the connection instead of being answered by the text of an HTTP 500.
record QuietUpgrader(Http1RoutedUpgrader ws) implements Http1RoutedUpgrader {
    @Override
    public Optional<Http1RoutedUpgrade> routedUpgrade(
            ConnectionContext context, HttpPrologue prologue, WritableHeaders<?> headers) {
        return ws.routedUpgrade(context, prologue, withoutOrigin(headers))
                .map(upgrade -> (response, all) -> upgraded((Line) context, upgrade, response, all));
    }

    private static Http1UpgradeResult upgraded(
            Line line, Http1RoutedUpgrade upgrade, Http1UpgradeResponse response, Headers headers) {
        Http1UpgradeResult result;
        try {
            result = upgrade.upgrade(response, withoutOrigin(headers));
        } catch (IllegalArgumentException e) {
            throw new ProblemException(new Problem.Malformed("Sec-WebSocket-Key", "The key is not valid."), e);
        }
        if (result.kind() != Http1UpgradeResult.Kind.UPGRADED) {
            return result;
        }
        line.upgraded();
        return Http1UpgradeResult.upgraded(
                new QuietConnection(result.connection().orElseThrow()));
    }

    private static WritableHeaders<?> withoutOrigin(Headers headers) {
        return WritableHeaders.create(headers).remove(HeaderNames.ORIGIN);
    }

    @Override
    public String supportedProtocol() {
        return ws.supportedProtocol();
    }

    @Override
    public ServerConnection upgrade(ConnectionContext context, HttpPrologue prologue, WritableHeaders<?> headers) {
        throw new UnsupportedOperationException("Helidon calls routedUpgrade");
    }

    private record QuietConnection(ServerConnection ws) implements LimitedConnection {
        @Override
        public void handle(Limit limit) throws InterruptedException {
            try {
                ws.handle(limit);
            } catch (CloseConnectionException e) {
                throw e;
            } catch (RuntimeException e) {
                throw new CloseConnectionException("a frame that cannot be read", e);
            }
        }

        @Override
        public Duration idleTime() {
            return ws.idleTime();
        }

        @Override
        public void close(boolean interrupt) {
            ws.close(interrupt);
        }
    }
}
