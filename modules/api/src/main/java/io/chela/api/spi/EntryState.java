package io.chela.api.spi;

/// What became of the exchange an entry belongs to.
public enum EntryState {
    /// Answered in full.
    DONE,
    /// Answered in part: the caller hung up or the model broke off after it had begun.
    PARTIAL,
    /// The model failed before it said anything.
    FAILED,
    /// No answer yet, or never one: the gateway stopped, or the caller left first. Kept, and not sent to a
    /// model
    /// again.
    UNANSWERED;

    /// Tells whether a later prompt takes the exchange.
    public boolean isPartOfPrompts() {
        return this == DONE || this == PARTIAL;
    }
}
