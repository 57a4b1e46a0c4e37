package io.chela.edge;

import io.chela.api.Problem;
import io.chela.api.ProblemException;

/// The bytes that HTTP/1.1 allows, and the refusal of the others. Source: RFC 9110, 5.5 and 5.6.2.
final class HttpSyntax {
    static final byte CR = '\r';
    static final byte LF = '\n';

    private static final boolean[] TOKEN = token();
    private static final boolean[] TEXT = text();
    private static final int DELETE = 0x7f;

    private HttpSyntax() {}

    private static boolean[] token() {
        boolean[] allowed = new boolean[256];
        String all = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
        all.chars().forEach(c -> allowed[c] = true);
        return allowed;
    }

    private static boolean[] text() {
        boolean[] allowed = new boolean[256];
        for (int b = 0; b < allowed.length; b++) {
            allowed[b] = (b >= ' ' && b != DELETE) || b == '\t';
        }
        return allowed;
    }

    /// Tells whether the byte may stand in a name, such as that of a header.
    static boolean isToken(byte b) {
        return TOKEN[b & 0xff];
    }

    /// Tells whether the byte may stand in a header's value: all but control characters, of which a tab may.
    static boolean isText(byte b) {
        return TEXT[b & 0xff];
    }

    /// Says that the request is broken; the sentence is shown to the caller.
    static ProblemException broken(String sentence) {
        return refused(400, sentence);
    }

    static ProblemException refused(int status, String sentence) {
        return new ProblemException(new Problem.Refused(status, sentence));
    }
}
