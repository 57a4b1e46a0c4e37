package io.chela.api.spi;

/// Whether a model can answer.
public sealed interface ModelState {
    /// It can.
    record Ready() implements ModelState {}

    /// Not yet; `what` says what is going on, such as "loading model.gguf".
    record Loading(String what) implements ModelState {}

    /// It cannot; `why` says why and what to do. It may become ready again.
    record Failed(String why) implements ModelState {}
}
