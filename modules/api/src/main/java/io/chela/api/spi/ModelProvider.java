package io.chela.api.spi;

/// Makes models of one kind. Its [type][#type] is the value of `models.providers.<id>.api`.
public interface ModelProvider extends Extension {
    /// Reads one `models.providers.<id>` entry. Opens nothing that can block: loading goes on behind
    /// [Model#state]. May be called many times, for several entries and for one entry anew.
    ///
    /// [Settings] reads the entry and gathers what is wrong: read `api` and every key that is allowed, then
    /// [finish][Settings#finish]. Anything else that is thrown counts as a mistake of the entry, too, and is
    /// told as this extension's fault.
    ///
    /// @throws IllegalArgumentException when a key is unknown or a value is wrong; the message starts with
    ///     the key, relative to the entry or from the top; several mistakes are a line each
    Models create(ExtensionContext context);
}
