package io.chela.openai.http;

import io.chela.api.Json;
import io.chela.api.Principal;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.chela.api.Scope;
import io.chela.edge.Gateway;
import io.chela.edge.JsonAnswer;
import io.chela.edge.Paths;
import io.helidon.http.Method;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.node.ObjectNode;

/// `GET /v1/models` and `/v1/models/{id}`: the names under which the caller can reach agents.
///
/// Source: OpenAI API reference, "Models"; OpenClaw for the names and the members.
final class ModelList {
    private static final String PATH = "/v1/models";

    void route(HttpRouting.Builder http, Predicate<ServerRequest> open) {
        Paths.only(http, open, PATH, Method.GET, this::list);
        // An id may hold a slash, raw or as %2F; that of `/v1/models/` is empty.
        Paths.only(http, open, PATH + "/{+id}", Method.GET, this::one);
        Paths.only(http, open, PATH + "/", Method.GET, this::one);
    }

    private void list(ServerRequest request, ServerResponse response) {
        Gateway gateway = Gateway.of(request);
        Principal principal = gateway.principal(request, Scope.READ);
        ObjectNode list = Json.object().put("object", "list");
        var data = list.putArray("data");
        gateway.router().names(principal).forEach(name -> data.add(model(name)));
        JsonAnswer.send(response, list);
    }

    private void one(ServerRequest request, ServerResponse response) {
        Gateway gateway = Gateway.of(request);
        Principal principal = gateway.principal(request, Scope.READ);
        String name = id(request).orElseThrow(ModelList::badEscape);
        if (gateway.router().find(principal, name).isEmpty()) {
            throw new ProblemException(new Problem.UnknownAgent(name, "model"));
        }
        JsonAnswer.send(response, model(name));
    }

    /// From the raw path: Helidon's decoding does not tell a wrong escape from a right one.
    private static Optional<String> id(ServerRequest request) {
        return Escapes.decode(request.prologue().uriPath().rawPath().substring(PATH.length() + 1));
    }

    private static ProblemException badEscape() {
        return new ProblemException(
                new Problem.Malformed("model", "The model's name in the path is not percent-encoded UTF-8."));
    }

    private static ObjectNode model(String name) {
        ObjectNode model = Json.object()
                .put("id", name)
                .put("object", "model")
                .put("created", 0)
                .put("owned_by", "openclaw");
        model.putArray("permission");
        return model;
    }
}
