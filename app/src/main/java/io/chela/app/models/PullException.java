package io.chela.app.models;

import java.io.IOException;

/// A download that failed, in a clause for people: why, and what to do.
final class PullException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean passing;

    private PullException(boolean passing, String why) {
        super(why);
        this.passing = passing;
    }

    /// Trying again would not help.
    static PullException lasting(String why) {
        return new PullException(false, why);
    }

    /// Trying again may help.
    static PullException passing(String why) {
        return new PullException(true, why);
    }

    boolean isPassing() {
        return passing;
    }

    String why() {
        return String.valueOf(getMessage());
    }
}
