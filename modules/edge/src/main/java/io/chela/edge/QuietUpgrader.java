package io.chela.edge;

import io.chela.api.ProblemException;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.http.Headers;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Method;
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

/// Wraps Helidon's WebSocket upgrader: the handshake is judged by [WsHandshake] after all filters, frames by
/// [WsFrames], Origin by a door's filter, and no failure is answered by the text of an HTTP 500.
record QuietUpgrader(Http1RoutedUpgrader ws) implements Http1RoutedUpgrader {
    /// A request with another method than GET is one like any other.
    @Override
    public Optional<Http1RoutedUpgrade> routedUpgrade(
            ConnectionContext context, HttpPrologue prologue, WritableHeaders<?> headers) {
        if (!prologue.method().equals(Method.GET)) {
            return Optional.empty();
        }
        Line line = ((LineContext) context).line();
        return ws.routedUpgrade(LineContext.ofFrames(line), prologue, WsHandshake.acceptable(headers))
                .map(upgrade -> (response, all) -> upgraded(line, upgrade, response, all));
    }

    private static Http1UpgradeResult upgraded(
            Line line, Http1RoutedUpgrade upgrade, Http1UpgradeResponse response, Headers headers) {
        WsHandshake.problem(headers).ifPresent(problem -> {
            response.headers().set(WsHandshake.SPOKEN_VERSION);
            throw new ProblemException(problem);
        });
        Http1UpgradeResult result = upgrade.upgrade(response, WsHandshake.acceptable(headers));
        if (result.kind() != Http1UpgradeResult.Kind.UPGRADED) {
            return result;
        }
        line.upgraded();
        return Http1UpgradeResult.upgraded(
                new QuietConnection(result.connection().orElseThrow()));
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
