package io.chela.gateway.ws;

/// Ends a method with an error frame.
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ErrorShape error;

    Refusal(ErrorShape error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    ErrorShape error() {
        return error;
    }
}
