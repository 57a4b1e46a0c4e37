package io.chela.app;

/// Something the person at the command line got wrong; shown as one message, without a stack trace.
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private UsageException(int exitCode, String message) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    /// The command was written wrongly.
    static UsageException wrong(String message) {
        return new UsageException(Main.EXIT_USAGE, message);
    }

    /// The command was right, but cannot be done; the message says what to do.
    static UsageException failed(String message) {
        return new UsageException(Main.EXIT_FAILED, message);
    }

    int exitCode() {
        return exitCode;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
