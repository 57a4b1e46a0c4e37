package io.chela.gateway.ws;

import io.chela.api.Scope;
import io.chela.edge.Gateway;

/// One method of the protocol.
interface Method {
    /// What a client needs to call it.
    Scope scope();

    /// Answers, now or later; called on the connection's thread, so what takes time goes to a thread of its
    /// own.
    ///
    /// @param gateway what the request sees, to its end
    /// @throws Refusal to answer with an error
    void call(Gateway gateway, Client client, Request request);
}
