package io.chela.app;

/// A configuration of one agent that asks one server, with what a test changes. Who calls is `app`, by the token
/// `app-token-1`, beside the gateway itself.
///
/// @param baseUrl the server's
/// @param auth below `gateway.auth`
/// @param agents of `agents.list`
/// @param rest further lines
record ConfigText(String baseUrl, String auth, String agents, String rest) {
    /// A chat request for the default agent.
    static final String HI = "{\"model\":\"openclaw\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    static ConfigText of(String baseUrl) {
        return new ConfigText(baseUrl, "tokens: [ { id: app, token: app-token-1 } ]", "{ id: main }", "");
    }

    ConfigText auth(String text) {
        return new ConfigText(baseUrl, text, agents, rest);
    }

    ConfigText agents(String text) {
        return new ConfigText(baseUrl, auth, text, rest);
    }

    ConfigText rest(String text) {
        return new ConfigText(baseUrl, auth, agents, text);
    }

    String yaml() {
        return """
                gateway:
                  auth: { %s }
                  http: { endpoints: { chatCompletions: { enabled: true } } }
                agents: { defaults: { model: home/m }, list: [ %s ] }
                models: { providers: { home: { baseUrl: "%s", models: [ { id: m } ] } } }
                %s
                """.formatted(auth, agents, baseUrl, rest);
    }
}
