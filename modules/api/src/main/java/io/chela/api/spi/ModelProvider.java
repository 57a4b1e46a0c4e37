package io.chela.api.spi;

/// Makes models of one kind. Its [type][#type] is the value of `models.providers.<id>.api`.
public interface ModelProvider extends Extension {
    /// Reads one `models.providers.<id>` entry. Opens nothing that can block: loading goes on behind
    /// [Model#state].
    ///
    /// @throws IllegalArgumentException when a key is unknown or a value is wrong; the message
    ///     starts with the key, relative to the entry
    Models create(ExtensionContext context);
}
