package io.chela.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/// Sends any bytes to the port, and then the request of a well-behaved caller.
///
/// What comes back is a row of whole answers, none a 5xx that means a bug, refusals in JSON and in our
/// words; and never more answers than a strict reader sees requests, and one refusal: nothing hidden in a
/// body is answered.
public final class HttpTarget {
    private static final byte[] NEXT =
            "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(ISO_8859_1);

    private HttpTarget() {}

    /// One gateway for all inputs, since a start takes longer than a thousand of them; made at the first.
    private static final class One {
        private static final FuzzedGateway GATEWAY = new FuzzedGateway();
    }

    public static void fuzzerTestOneInput(byte[] bytes) {
        byte[] sent = new byte[bytes.length + NEXT.length];
        System.arraycopy(bytes, 0, sent, 0, bytes.length);
        System.arraycopy(NEXT, 0, sent, bytes.length, NEXT.length);
        int answers = Answers.check(new String(One.GATEWAY.answers(sent), ISO_8859_1), sent);
        int requests = Framing.requests(new String(sent, ISO_8859_1));
        Faults.check(answers <= requests + 1, () -> answers + " answers to " + requests + " requests");
    }
}
