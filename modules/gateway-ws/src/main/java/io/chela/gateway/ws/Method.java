package io.chela.gateway.ws;

import io.chela.api.Scope;

/// One method of the protocol.
interface Method {
    /// What a client needs to call it.
    Scope scope();

    /// Answers, now or later; called on the connection's thread, so what takes time goes to a thread of its
    /// own.
    ///
    /// @throws Refusal to answer with an error
    void call(Client client, Request request);
}
