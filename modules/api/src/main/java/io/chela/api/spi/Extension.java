package io.chela.api.spi;

/// A service found by `ServiceLoader` and named in the configuration. Two of one type stop the start.
///
/// A public class with a public constructor that takes nothing and does next to nothing: it is called at each
/// start and by `chela modules list`, whether the configuration names the type or not. The module's
/// descriptor says `provides io.chela.api.spi.ModelProvider with com.example.MyProvider;`.
public interface Extension {
    /// The name used in the configuration, such as `openai-completions` or `sqlite`. Always the same, not
    /// blank.
    String type();
}
