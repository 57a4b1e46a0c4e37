/// Models in a GGUF file, run by llama.cpp in a child process.
///
/// The native library can end the JVM it runs in, so it never runs in the gateway's: a worker JVM of the same `java`
/// loads the model and speaks JSON lines over its standard input and output. An extension: it exports nothing.
@SuppressWarnings("requires-automatic") // the binding has no descriptor; extensions are loaded as a layer, never linked
@org.jspecify.annotations.NullMarked
module io.chela.model.llamacpp {
    requires static org.jspecify;
    requires io.chela.api;
    requires llama;

    provides io.chela.api.spi.ModelProvider with
            io.chela.model.llamacpp.LlamaCppProvider;
}
