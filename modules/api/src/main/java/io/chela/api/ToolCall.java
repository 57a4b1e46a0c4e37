package io.chela.api;

/// A call of a tool that the model asks for.
///
/// @param arguments the JSON text the model wrote; not always valid JSON
public record ToolCall(String id, String name, String arguments) {}
