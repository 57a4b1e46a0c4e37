/// What an extension implements: models and session stores.
///
/// Each provider is a service with a [type][io.chela.api.spi.Extension#type], the name used in the
/// configuration, and
/// one factory method.
package io.chela.api.spi;
