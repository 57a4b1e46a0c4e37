package io.chela.api.spi;

import io.chela.api.Message;
import io.chela.api.RunId;
import java.time.Instant;

/// One entry of a transcript.
///
/// @param seq its place in the session, from 1 without gaps
public record Entry(long seq, RunId run, EntryState state, Instant at, Message message) {}
