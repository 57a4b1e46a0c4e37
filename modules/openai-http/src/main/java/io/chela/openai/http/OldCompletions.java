package io.chela.openai.http;

import io.chela.api.Problem;
import io.chela.edge.Problems;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/// `/v1/completions`, which is not here: agents converse. Says so to every method, without a credential.
///
/// Source: OpenAI API reference, "Completions" (legacy).
final class OldCompletions implements Handler {
    private static final Problem GONE =
            new Problem.NotFound("There is no /v1/completions here; use POST /v1/chat/completions.");

    @Override
    public void handle(ServerRequest request, ServerResponse response) {
        Problems.send(response, GONE);
    }
}
