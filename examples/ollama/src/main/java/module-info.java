/// Models of an Ollama server, for Chela.
module com.example.ollama {
    requires io.chela.api;
    requires java.net.http;

    provides io.chela.api.spi.ModelProvider with
            com.example.ollama.OllamaProvider;
}
