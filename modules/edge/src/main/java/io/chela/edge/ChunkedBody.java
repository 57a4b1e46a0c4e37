package io.chela.edge;

import io.chela.api.Problem;
import io.chela.api.ProblemException;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// A chunked body whose broken framing is the caller's mistake: Helidon lets the parser's own exceptions
/// through.
final class ChunkedBody extends FilterInputStream {
    ChunkedBody(InputStream body) {
        super(body);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int count = read(one, 0, 1);
        return count < 0 ? count : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            return in.read(bytes, offset, length);
        } catch (ProblemException | CloseConnectionException | RequestException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new ProblemException(
                    new Problem.Malformed(Optional.empty(), "The chunks of the request body are not valid."), e);
        }
    }
}
