/// The configuration file as it stands: its text, the tree of its values with their places, what it includes,
/// the variables and secrets it refers to, and the keys of OpenClaw that mean nothing here.
///
/// Nothing in here knows what a key means; that is for the readers of [io.chela.api.spi.Settings].
@org.jspecify.annotations.NullMarked
package io.chela.app.config;
