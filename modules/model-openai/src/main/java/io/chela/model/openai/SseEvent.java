package io.chela.model.openai;

/// One server-sent event.
///
/// @param name its `event` field; empty when it has none
/// @param data its `data` lines, joined by LF
record SseEvent(String name, String data) {}
