package io.chela.api.spi;

/// A service found by `ServiceLoader` and named in the configuration. Two of one type stop the start.
public interface Extension {
    /// The name used in the configuration, such as `openai-completions` or `sqlite`.
    String type();
}
