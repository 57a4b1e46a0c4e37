package io.chela.model.openai;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.media.type.ParserMode;
import io.helidon.http.ClientResponseHeaders;
import io.helidon.http.Http1HeadersParser;
import io.helidon.webclient.http1.Http1StatusParser;
import java.net.ProtocolException;

/// The head of the answer itself, behind the interim ones (100, 102, 103) that the client takes for it.
///
/// Source: RFC 9110, 15.2.
record AnswerHead(int status, ClientResponseHeaders headers) {
    /// The most interim answers before the real one.
    static final int MAX_INTERIM = 8;

    private static final int FIRST_INTERIM = 100;
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int FIRST_FINAL = 200;
    private static final int MAX_STATUS_LINE = 256; // as the client's own
    private static final int MAX_HEADERS = 16 * 1024;

    /// The first head that is no interim one: the one that was read, or one that follows it.
    ///
    /// @throws ProtocolException when there are too many, or the server wants to change the protocol
    static AnswerHead after(int status, ClientResponseHeaders headers, DataReader reader) throws ProtocolException {
        AnswerHead head = new AnswerHead(status, headers);
        for (int skipped = 0; head.isInterim(); skipped++) {
            if (skipped == MAX_INTERIM || head.status == SWITCHING_PROTOCOLS) {
                throw new ProtocolException("an interim answer that nobody asked for");
            }
            head = read(reader);
        }
        return head;
    }

    private boolean isInterim() {
        return status >= FIRST_INTERIM && status < FIRST_FINAL;
    }

    private static AnswerHead read(DataReader reader) {
        int status = Http1StatusParser.readStatus(reader, MAX_STATUS_LINE).code();
        var headers = Http1HeadersParser.readHeaders(reader, MAX_HEADERS, true);
        return new AnswerHead(status, ClientResponseHeaders.create(headers, ParserMode.STRICT));
    }
}
