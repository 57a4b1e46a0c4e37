package io.chela.app.models;

import io.chela.api.ModelRef;
import java.util.OptionalLong;

/// One model that is configured, was found, or can be fetched.
///
/// @param origin where it is known from
/// @param name its reference, or its name in the catalogue
/// @param bytes of its file, where it has one here or would have
/// @param where a URL, a file, or what fetches it
/// @param note a clause about its state, or empty
public record ModelRow(Origin origin, String name, State state, OptionalLong bytes, String where, String note) {
    /// Tells whether a model is this one; the starter is known by its name in the catalogue.
    public boolean isOf(ModelRef model) {
        return name.equals(model.toString())
                || (origin == Origin.CATALOGUE && model.equals(new ModelRef(Starters.PROVIDER, name)));
    }

    /// Where a model is known from.
    public enum Origin {
        CONFIGURED,
        FOUND,
        CATALOGUE
    }

    /// Whether it can answer.
    public enum State {
        /// It can.
        READY,
        /// It cannot now.
        ABSENT,
        /// Nobody asked: it runs off this machine.
        UNASKED
    }
}
