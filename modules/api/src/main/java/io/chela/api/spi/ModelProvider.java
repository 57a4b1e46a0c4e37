package io.chela.api.spi;

/// Makes models of one kind. Its [type][#type] is the value of `models.providers.<id>.api`.
public interface ModelProvider extends Extension {
    /// Reads one `models.providers.<id>` entry. Opens nothing that can block: loading goes on behind
    /// [Model#state]. May be called many times, for several entries and for one entry anew.
    ///
    /// The context's [Settings] gather what is wrong with the entry: read `api` and every key that is
    /// allowed, then [finish][Settings#finish]. Anything else that is thrown counts as a mistake of the entry,
    /// too, and is told as this extension's fault.
    ///
    /// @throws IllegalArgumentException when a key is unknown or a value is wrong; the message starts with
    ///     the key, relative to the entry or from the top; several mistakes are a line each
    Models create(ExtensionContext context);

    /// Reads and checks an entry as [#create] does, but makes no models of it: for `chela config show`, which
    /// lists what the entry's settings fall back to.
    ///
    /// To be overridden where models cost something from the moment they are made.
    ///
    /// @throws IllegalArgumentException as `create` does
    default void read(ExtensionContext context) {
        create(context).close();
    }
}
