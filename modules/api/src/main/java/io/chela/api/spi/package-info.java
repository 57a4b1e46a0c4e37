/// What an extension implements: models and session stores.
///
/// Each provider is a service with a [type][io.chela.api.spi.Extension#type], the name used in the
/// configuration, and one factory method. `docs/extending.md` makes one in ten minutes; `examples/ollama` is
/// one to copy.
package io.chela.api.spi;
