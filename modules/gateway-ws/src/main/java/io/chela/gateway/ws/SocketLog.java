package io.chela.gateway.ws;

import io.chela.api.LogLine;
import io.chela.auth.Claim;
import io.chela.edge.CloseCode;
import io.chela.edge.WsEnd;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.Set;

/// What the log says of sockets that we refuse something or close. Such lines come in floods, which are told apart by
/// what was wrong.
final class SocketLog {
    private static final System.Logger LOG = System.getLogger(SocketLog.class.getName());

    /// How sockets end at every stop, and after a fault that has a line of its own.
    private static final Set<Integer> TOLD_ELSEWHERE = Set.of(CloseCode.SERVICE_RESTART, CloseCode.INTERNAL);

    private SocketLog() {}

    /// A `connect` that ends its socket.
    static void refused(Claim claim, Request connect, Connect.Refused refused) {
        String why = refused.error().particular();
        var line = refused(connect.id(), why)
                .text("method", connect.method())
                .text("reason", refused.error().message())
                .number("close", refused.closeCode());
        peer(line, claim).floods("connect refused " + why).log(LOG, Level.WARNING);
    }

    /// A request that is answered with an error.
    ///
    /// @param why a limit's key or a fixed word
    static void refused(Client client, Request request, String why) {
        refused(client, refused(request.id(), why).text("method", request.method()), why);
    }

    /// A message that is no request, and is answered with an error.
    static void invalid(Client client, String id) {
        refused(client, refused(id, ErrorShape.INVALID_REQUEST), ErrorShape.INVALID_REQUEST);
    }

    private static void refused(Client client, LogLine line, String why) {
        peer(line.text("principal", client.principal().id()), client.claim())
                .floods("ws refused " + why)
                .log(LOG, Level.WARNING);
    }

    private static LogLine refused(String id, String why) {
        return new LogLine().text("id", id).text("outcome", "refused").text("why", why);
    }

    /// A socket that is over, when it is we who closed it.
    static void closed(Claim claim, Optional<Client> client, WsEnd end) {
        if (!end.ours() || TOLD_ELSEWHERE.contains(end.code())) {
            return;
        }
        var line = new LogLine()
                .text("outcome", "closed")
                .number("close", end.code())
                .text("reason", end.reason());
        client.ifPresent(known -> line.text("principal", known.principal().id()));
        peer(line, claim).floods("ws closed " + end.code() + " " + end.reason()).log(LOG, Level.WARNING);
    }

    private static LogLine peer(LogLine line, Claim claim) {
        return line.text("peer", claim.caller().address().getHostAddress());
    }
}
