package io.chela.app.config;

/// A file that cannot be read as a whole; the message says why and what to do, and begins after the file's
/// name.
public final class BadFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BadFileException(String reason) {
        super(reason, null, false, false);
    }

    BadFileException(Place place, String reason) {
        this("cannot be read: line " + place.line() + ", column " + place.column() + ": " + reason);
    }

    /// What follows the file's name in a sentence.
    public String reason() {
        return String.valueOf(getMessage());
    }
}
