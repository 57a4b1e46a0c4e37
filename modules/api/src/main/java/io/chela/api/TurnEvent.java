package io.chela.api;

/// What happens during a run, in order: it [starts][Started], a model is [called][Calling], and then what the
/// [model
/// says][ModelEvent].
public sealed interface TurnEvent permits TurnEvent.Started, TurnEvent.Calling, ModelEvent {
    /// The run has its session's lane and begins.
    record Started() implements TurnEvent {}

    /// The run calls this model.
    record Calling(ModelRef model) implements TurnEvent {}
}
