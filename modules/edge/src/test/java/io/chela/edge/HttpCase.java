package io.chela.edge;

import java.util.List;
import java.util.stream.Stream;

/// One request that a client which behaves would not send, and what becomes of it.
///
/// @param status of the answer
/// @param closes whether the connection ends with it
/// @param text what is sent
record HttpCase(String name, int status, boolean closes, String text) {
    private static final String GET = "GET /hidden HTTP/1.1~";
    private static final String POST = "POST /echo HTTP/1.1~Host: x~";
    private static final String CHUNKED = POST + "Transfer-Encoding: chunked~~";

    /// Those that are refused: nothing behind them may be taken for a request.
    static Stream<HttpCase> refused() {
        return Stream.of(lines(), hosts(), lengths(), codings(), chunks(), sizes())
                .flatMap(List::stream);
    }

    private static List<HttpCase> lines() {
        return List.of(
                refused("no HTTP", 400, "garbage~~"),
                refused("HTTP/0.9", 400, "GET /hidden~~"),
                refused("HTTP/1.0", 505, "GET /hidden HTTP/1.0~Host: x~~"),
                refused("HTTP/2.0 in the line", 505, "GET /hidden HTTP/2.0~Host: x~~"),
                refused("the preface of HTTP/2", 505, "PRI * HTTP/2.0~~SM~~"),
                refused("no version", 400, "GET /hidden HTTP/x~Host: x~~"),
                refused("lower case version", 400, "GET /hidden http/1.1~Host: x~~"),
                refused("lower case method", 400, "get /hidden HTTP/1.1~Host: x~~"),
                refused("a method that is no name", 400, "G<T /hidden HTTP/1.1~Host: x~~"),
                refused("no method", 400, " /hidden HTTP/1.1~Host: x~~"),
                refused("CONNECT", 501, "CONNECT x:443 HTTP/1.1~Host: x:443~~"),
                refused("two blanks", 400, "GET  /hidden HTTP/1.1~Host: x~~"),
                refused("a tab", 400, "GET\t/hidden\tHTTP/1.1~Host: x~~"),
                refused("a blank at the end", 400, "GET /hidden HTTP/1.1 ~Host: x~~"),
                refused("asterisk target of GET", 400, "GET * HTTP/1.1~Host: x~~"),
                refused("a fragment", 400, "GET /hidden#x HTTP/1.1~Host: x~~"),
                refused("a relative target", 400, "GET hidden HTTP/1.1~Host: x~~"),
                refused("a target of another scheme", 400, "GET ftp://x/hidden HTTP/1.1~Host: x~~"),
                refused("an absolute target with a user", 400, "GET http://a@x/hidden HTTP/1.1~Host: x~~"),
                refused("an absolute target of nobody", 400, "GET http:///hidden HTTP/1.1~Host: x~~"),
                refused("a target with a byte over ASCII", 400, "GET /hidden\u00e4 HTTP/1.1~Host: x~~"),
                refused("five empty lines", 400, "~~~~~GET /hidden HTTP/1.1~Host: x~~"),
                refused("a bare LF after the request line", 400, "GET /hidden HTTP/1.1\nHost: x~~"),
                refused("a bare LF after a header", 400, GET + "Host: x\n~"),
                refused("a bare CR", 400, GET + "Host: x\rX: y~~"),
                refused("obs-fold", 400, GET + "Host: x~X: a~ b~~"),
                refused("obs-fold of the first header", 400, GET + " X: a~Host: x~~"),
                refused("a space before the colon", 400, GET + "Host: x~X : a~~"),
                refused("no colon", 400, GET + "Host: x~X~~"),
                refused("an empty header name", 400, GET + "Host: x~: y~~"),
                refused("a header name that is none", 400, GET + "Host: x~X(Y): y~~"),
                refused("NUL in a header", 400, GET + "Host: x~X: a\0b~~"),
                refused("NUL in a header name", 400, GET + "Host: x~X\0: a~~"),
                refused("DEL in a header", 400, GET + "Host: x~X: a\u007fb~~"),
                refused("TLS", 400, "\u0016\u0003\u0001\u0002\0\u0001\0~~"));
    }

    private static List<HttpCase> hosts() {
        return List.of(
                refused("no Host", 400, GET + "X: y~~"),
                refused("no Host beside an absolute target", 400, "GET http://x/hidden HTTP/1.1~X: y~~"),
                refused("two Hosts", 400, GET + "Host: x~Host: y~~"),
                refused("twice the same Host", 400, GET + "Host: x~host: x~~"),
                refused("an empty Host", 400, GET + "Host:~~"),
                refused("a Host with a path", 400, GET + "Host: x/y~~"),
                refused("a Host with a user", 400, GET + "Host: a@x~~"),
                refused("a Host with a blank", 400, GET + "Host: x y~~"),
                refused("two names in a Host", 400, GET + "Host: x, y~~"),
                refused("a Host with a port that is none", 400, GET + "Host: x:y~~"),
                refused("a Host that is half an address", 400, GET + "Host: [::1~~"));
    }

    private static List<HttpCase> lengths() {
        return List.of(
                refused("two different lengths", 400, POST + "Content-Length: 5~Content-Length: 6~~hello"),
                refused("two equal lengths", 400, POST + "Content-Length: 5~Content-Length: 5~~hello"),
                refused("two lengths in one header", 400, POST + "Content-Length: 5, 5~~hello"),
                refused("a length with a sign", 400, POST + "Content-Length: +5~~hello"),
                refused("a negative length", 400, POST + "Content-Length: -5~~hello"),
                refused("a hexadecimal length", 400, POST + "Content-Length: 0x5~~hello"),
                refused("a length with a blank inside", 400, POST + "Content-Length: 5 5~~hello"),
                refused("an empty length", 400, POST + "Content-Length:~~hello"),
                refused("a length over the limit", 413, POST + "Content-Length: 1001~~"),
                refused("a length no number holds", 413, POST + "Content-Length: " + "9".repeat(40) + "~~"),
                refused(
                        "Content-Length with Transfer-Encoding",
                        400,
                        POST + "Content-Length: 5~Transfer-Encoding: chunked~~0~~"),
                refused(
                        "Transfer-Encoding with Content-Length",
                        400,
                        POST + "Transfer-Encoding: chunked~Content-Length: 5~~0~~"));
    }

    private static List<HttpCase> codings() {
        return List.of(
                refused("chunked not last", 400, POST + "Transfer-Encoding: chunked, gzip~~0~~"),
                refused("chunked twice", 400, POST + "Transfer-Encoding: chunked, chunked~~0~~"),
                refused(
                        "chunked twice in two",
                        400,
                        POST + "Transfer-Encoding: chunked~Transfer-Encoding: chunked~~0~~"),
                refused("no chunked", 400, POST + "Transfer-Encoding: xchunked~~0~~"),
                refused("identity", 400, POST + "Transfer-Encoding: identity~~0~~"),
                refused("an empty coding", 400, POST + "Transfer-Encoding:~~0~~"),
                refused("chunked with a parameter", 400, POST + "Transfer-Encoding: chunked;q=1~~0~~"),
                refused("gzip, chunked", 501, POST + "Transfer-Encoding: gzip, chunked~~0~~"),
                refused("another Content-Encoding", 415, POST + "Content-Encoding: br~Content-Length: 5~~hello"),
                refused("deflate", 415, POST + "Content-Encoding: deflate~Content-Length: 5~~hello"),
                refused("gzip of gzip", 415, POST + "Content-Encoding: gzip, gzip~Content-Length: 5~~hello"),
                refused("a body that is no gzip", 400, POST + "Content-Encoding: gzip~Content-Length: 5~~hello"),
                refused("an unknown Expect", 417, POST + "Expect: coffee~Content-Length: 5~~hello"),
                refused("Expect of more", 417, POST + "Expect: 100-continue, foo~Content-Length: 5~~hello"));
    }

    private static List<HttpCase> chunks() {
        return List.of(
                refused("a chunk size that is none", 400, CHUNKED + "zz~hello~0~~"),
                refused("an empty chunk size", 400, CHUNKED + "~hello~0~~"),
                refused("a negative chunk size", 400, CHUNKED + "-5~hello~0~~"),
                refused("a chunk size with 0x", 400, CHUNKED + "0x5~hello~0~~"),
                refused("a huge chunk size", 400, CHUNKED + "ffffffffffffffff~hello~0~~"),
                refused("a chunk over the limit", 413, CHUNKED + "3e9~hello"),
                refused("chunks over the limit", 413, CHUNKED + "5~hello~3e4~"),
                refused("a blank after a chunk size", 400, CHUNKED + "5 ~hello~0~~"),
                refused("a bare LF after a chunk size", 400, CHUNKED + "5\nhello~0~~"),
                refused("a bare LF in a chunk extension", 400, CHUNKED + "5;x\nhello~0~~"),
                refused("a bare CR in a chunk extension", 400, CHUNKED + "5;x\ry~hello~0~~"),
                refused("a chunk not ended by CRLF", 400, CHUNKED + "5~helloXX0~~"),
                refused("a chunk that is longer than it says", 400, CHUNKED + "4~hello~0~~"),
                refused("a trailer with a bare LF", 400, CHUNKED + "5~hello~0~X: y\n~"),
                refused("a trailer that is none", 400, CHUNKED + "5~hello~0~X y~~"),
                refused("a trailer that is folded", 400, CHUNKED + "5~hello~0~X: y~ z~~"));
    }

    private static List<HttpCase> sizes() {
        return List.of(
                refused("a request line over 8 KiB", 414, "GET /" + "x".repeat(8 * 1024) + " HTTP/1.1~Host: x~~"),
                refused("a request line that never ends", 414, "x".repeat(9_000)),
                refused("a header line over 16 KiB", 431, GET + "Host: x~X: " + "y".repeat(16 * 1024) + "~~"),
                refused("headers over 16 KiB together", 431, GET + "Host: x~" + "X: 0123456789~".repeat(1_200) + "~"),
                refused("a header name over 16 KiB", 431, GET + "x".repeat(17_000)),
                refused("chunk extensions over 16 KiB", 413, CHUNKED + "5;" + "x".repeat(17_000) + "~hello~0~~"),
                refused("a chunk extension that never ends", 413, CHUNKED + "5;" + "x".repeat(17_000)),
                refused(
                        "chunk extensions over 16 KiB together",
                        413,
                        CHUNKED + ("1;" + "x".repeat(90) + "~a~").repeat(200)),
                refused("trailers over 16 KiB", 413, CHUNKED + "0~" + "X: 0123456789~".repeat(1_500) + "~"));
    }

    /// Those that are odd and served, or refused within the protocol: what is behind them is the next request.
    static Stream<HttpCase> inStep() {
        return Stream.of(
                inStep("an empty line before", 200, "~GET /hidden HTTP/1.1~Host: x~~"),
                inStep("four empty lines before", 200, "~~~~GET /hidden HTTP/1.1~Host: x~~"),
                inStep("an absolute target", 200, "GET http://y/hidden HTTP/1.1~Host: x~~"),
                inStep(
                        "an absolute target with a port and query",
                        200,
                        "GET HTTP://y:80/hidden?a=b HTTP/1.1~Host: x~~"),
                inStep("an absolute target without a path", 404, "GET https://y HTTP/1.1~Host: x~~"),
                inStep("OPTIONS *", 204, "OPTIONS * HTTP/1.1~Host: x~~"),
                inStep("path parameters", 404, "GET /hidden;x HTTP/1.1~Host: x~~"),
                inStep("an unknown method", 405, "BREW /hidden HTTP/1.1~Host: x~~"),
                inStep(
                        "Upgrade: h2c",
                        200,
                        GET + "Host: x~Connection: Upgrade, HTTP2-Settings~Upgrade: h2c~HTTP2-Settings: AA~~"),
                inStep("a Host with a port", 200, GET + "Host: x:18789~~"),
                inStep("a Host that is an IPv6 address", 200, GET + "Host: [::1]:18789~~"),
                inStep("blanks around a value", 200, GET + "Host: \t x \t ~~"),
                inStep("no blank after a colon", 200, GET + "Host:x~~"),
                inStep("bytes over ASCII in a header", 200, GET + "Host: x~X: \u00c3\u00a4\u00ff~~"),
                inStep("an unknown Expect without a body", 417, GET + "Host: x~Expect: coffee~~"),
                inStep("a wrong method", 405, "GET /echo HTTP/1.1~Host: x~~"),
                inStep("no length", 200, POST + "~"),
                inStep("a length of zero", 200, POST + "Content-Length: 0~~"),
                inStep("a length with zeros", 200, POST + "Content-Length: 0005~~hello"),
                inStep("chunked in capitals", 200, POST + "Transfer-Encoding: Chunked~~5~hello~0~~"),
                inStep("chunk extensions", 200, CHUNKED + "5;a;b=c;d=\"e;f\"~hello~0;g~~"),
                inStep("a blank before a chunk extension", 200, CHUNKED + "5 ;a~hello~0~~"),
                inStep("trailers", 200, CHUNKED + "5~hello~0~X: y~Content-Length: 5~~"),
                inStep("zeros before a chunk size", 200, CHUNKED + "0005~hello~000~~"),
                inStep("a chunked body of nothing", 200, CHUNKED + "0~~"),
                inStep(
                        "identity as Content-Encoding",
                        200,
                        POST + "Content-Encoding: identity~Content-Length: 5~~hello"),
                inStep("Content-Encoding of no body", 200, GET + "Host: x~Content-Encoding: br~~"));
    }

    private static HttpCase refused(String name, int status, String text) {
        return new HttpCase(name, status, true, text.replace("~", "\r\n"));
    }

    private static HttpCase inStep(String name, int status, String text) {
        return new HttpCase(name, status, false, text.replace("~", "\r\n"));
    }

    @Override
    public String toString() {
        return name;
    }
}
