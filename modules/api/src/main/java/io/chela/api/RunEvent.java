package io.chela.api;

import java.time.Instant;

/// An event with its place in its run.
///
/// @param seq counts from 0 without gaps; a door may merge the writing of events, never their numbering
public record RunEvent(RunId run, long seq, Instant at, TurnEvent event) {}
