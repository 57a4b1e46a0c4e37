package io.chela.model.openai;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.provider.Arguments;

/// What a model server may send over its socket, a char a byte: [faults][#faults] with words of the error they
/// become, and odd [answers][#answers] with their text.
final class HostileAnswers {
    static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
    static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";
    static final String STOP = event("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}");
    static final String DONE = "data: [DONE]\n\n";
    static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
    static final String HINT = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Length: 9\r\n\r\n";

    private HostileAnswers() {}

    static String event(String data) {
        return "data: " + data + "\n\n";
    }

    static String text(String text) {
        return event("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"},\"finish_reason\":null}]}");
    }

    /// A stream of a stated length; characters are bytes.
    static String sse(String... events) {
        String body = String.join("", events);
        return OK + "Content-Length: " + body.length() + "\r\n\r\n" + body;
    }

    static String chunk(String bytes) {
        return Integer.toHexString(bytes.length()) + "\r\n" + bytes + "\r\n";
    }

    static String bytes(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }

    static String tool(String fragment) {
        return event("{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[" + fragment + "]}}]}");
    }

    static List<Arguments> faults() {
        String mebibytes = "x".repeat(10 * 1024 * 1024);
        return List.of(
                Arguments.of("no status line", "garbage\r\n\r\n", "something that is no HTTP"),
                Arguments.of("another protocol", "ICY 200 OK\r\n\r\n", "something that is no HTTP"),
                Arguments.of("a status line without end", "HTTP/1.1 200 " + "O".repeat(10_000), "no HTTP"),
                Arguments.of("lines that end with LF alone", sse(STOP).replace("\r", ""), "no HTTP"),
                Arguments.of(
                        "another protocol's answer", "HTTP/1.1 101 Switching\r\n\r\n" + sse(STOP), "rules of HTTP"),
                Arguments.of("nine interim answers", HINT.repeat(9) + sse(text("a"), STOP), "rules of HTTP"),
                Arguments.of("an interim answer alone", HINT + "garbage\r\n\r\n", "no HTTP"),
                Arguments.of("two lengths", OK + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n" + STOP, "HTTP"),
                Arguments.of("a negative length", OK + "Content-Length: -5\r\n\r\n" + STOP, "HTTP"),
                Arguments.of("a length in words", OK + "Content-Length: many\r\n\r\n" + STOP, "HTTP"),
                Arguments.of(
                        "a length and chunks",
                        OK + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk(STOP),
                        "rules of HTTP"),
                Arguments.of(
                        "a coding before the chunks", OK + "Transfer-Encoding: gzip, chunked\r\n\r\n", "rules of HTTP"),
                Arguments.of("a chunk size in words", CHUNKED + "many\r\n" + STOP, "rules of HTTP"),
                Arguments.of("a negative chunk size", CHUNKED + "-5\r\n" + STOP, "rules of HTTP"),
                Arguments.of("a chunk that is longer than it says", CHUNKED + "5\r\n" + STOP, "rules of HTTP"),
                Arguments.of("a chunk extension without end", CHUNKED + "5;" + "x".repeat(5_000), "rules of HTTP"),
                Arguments.of("trailers without end", CHUNKED + "0\r\n" + "x: y\r\n".repeat(5_000), "rules of HTTP"),
                Arguments.of(
                        "a length that is too short",
                        OK + "Content-Length: 20\r\n\r\n" + text("a") + STOP,
                        "no JSON object"),
                Arguments.of(
                        "gzip although not asked",
                        sse(STOP).replace(OK, OK + "Content-Encoding: gzip\r\n"),
                        "'gzip', which"),
                Arguments.of("an event line of 10 MiB", sse(event(mebibytes)), "more than 1048576 bytes"),
                Arguments.of(
                        "an event line of 10 MiB in one chunk", CHUNKED + chunk(mebibytes), "more than 1048576 bytes"),
                Arguments.of("a chunk of 1 GiB", CHUNKED + "40000000\r\n" + mebibytes, "more than 1048576 bytes"),
                Arguments.of("a chunk of more than an int", CHUNKED + "100000000\r\n" + mebibytes, "1048576 bytes"),
                Arguments.of("nothing", sse(), "before it began"),
                Arguments.of("nothing, in chunks", CHUNKED + "0\r\n\r\n", "before it began"),
                Arguments.of("nothing, without a type", "HTTP/1.1 204 No Content\r\n\r\n", "where an event stream"),
                Arguments.of("a line that is no field", sse("<html>\n\n"), "before it began"),
                Arguments.of("comments only", sse(": working\n\n".repeat(1_000)), "before it began"),
                Arguments.of(
                        "a thought and [DONE]",
                        sse(event("{\"choices\":[{\"delta\":{\"x\":\"hm\"}}]}"), DONE),
                        "before it"),
                Arguments.of(
                        "an empty whole answer", sse(event("{\"choices\":[{\"message\":{}}]}")), "before it began"),
                Arguments.of("no choices", sse(event("{}"), event("{\"choices\":[]}"), DONE), "before it began"),
                Arguments.of(
                        "choices that are no array", sse(event("{\"choices\":{\"0\":1}}"), DONE), "before it began"),
                Arguments.of(
                        "only a second choice",
                        sse(text("a").replace("\"index\":0", "\"index\":1"), DONE),
                        "before it began"),
                Arguments.of("an event that is an array", sse(event("[1]")), "no JSON object"),
                Arguments.of("an event that is a text", sse(event("Internal Server Error")), "no JSON object"),
                Arguments.of("a NUL in a text", sse(text("\0")), "no JSON object"),
                Arguments.of("two byte order marks", sse(text("a"), event(bytes("\uFEFF\uFEFF{}"))), "no JSON object"),
                Arguments.of("10,000 levels", sse(event("{\"a\":" + "[".repeat(10_000))), "more than 512 levels"),
                Arguments.of("1,000,000 digits", sse(event("{\"a\":" + "1".repeat(1_000_000) + "}")), "1000 digits"),
                Arguments.of("the same member twice", sse(event("{\"a\":1,\"a\":2}")), "no JSON object"),
                Arguments.of("an error", sse(text("a"), event("{\"error\":\"no memory\"}"), DONE), "no memory"),
                Arguments.of("the reason error", sse(text("a"), STOP.replace("stop", "error"), DONE), "with an error"),
                Arguments.of(
                        "a reason for tools it does not call", sse(STOP.replace("stop", "tool_calls")), "called none"),
                Arguments.of(
                        "a tool call without a name", sse(tool("{\"index\":0,\"id\":\"c\"}"), STOP, DONE), "its name"),
                Arguments.of(
                        "a tool call whose fragments change their index",
                        sse(
                                tool("{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}"),
                                tool("{\"index\":1,\"function\":{\"arguments\":\"}\"}}"),
                                STOP),
                        "its name"),
                Arguments.of(
                        "a tool call that never finishes",
                        sse(tool("{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}")),
                        "broke off in mid-answer"));
    }

    static List<Arguments> answers() {
        return List.of(
                Arguments.of(
                        "CR alone as a line's end", sse(text("a").replace('\n', '\r'), STOP.replace('\n', '\r')), "a"),
                Arguments.of("comments between", sse(": hm\n", text("a"), ": hm\n\n", text("b"), STOP, DONE), "ab"),
                Arguments.of("eight interim answers", CONTINUE + HINT.repeat(7) + sse(text("a"), STOP, DONE), "a"),
                Arguments.of("unknown fields", sse("id: 1\nretry: 9\nx\n:\n", text("a"), STOP), "a"),
                Arguments.of(
                        "unknown members",
                        sse(event("{\"x\":{},\"choices\":[{\"y\":[],\"delta\":{\"content\":\"a\"}}]}"), STOP),
                        "a"),
                Arguments.of(
                        "a role flip",
                        sse(text("a"), event("{\"choices\":[{\"delta\":{\"role\":\"user\"}}]}"), STOP),
                        "a"),
                Arguments.of("[DONE] and then more", sse(text("a"), STOP, DONE, text("b"), "data: {broken\n\n"), "a"),
                Arguments.of("a second reason", sse(text("a"), STOP, STOP.replace("stop", "length"), DONE), "a"),
                Arguments.of("a text after the reason", sse(text("a"), STOP, text("b"), DONE), "ab"),
                Arguments.of("no blank line at the end", sse(text("a"), STOP.strip()), "a"),
                Arguments.of("no reason", sse(text("a"), DONE), "a"),
                Arguments.of("a reason of another type", sse(text("a"), STOP.replace("\"stop\"", "[7]"), DONE), "a"),
                Arguments.of("a reason that is no word", sse(text("a"), STOP.replace("stop", "\\n x"), DONE), "a"),
                Arguments.of(
                        "another choice", sse(text("a"), text("b").replace("\"index\":0", "\"index\":1"), STOP), "a"),
                Arguments.of("a byte order mark", sse(bytes("\uFEFF"), text("a"), STOP), "a"),
                Arguments.of("bytes that are no UTF-8", sse(text("a\u00ff"), STOP), "a\uFFFD"),
                Arguments.of("escaped NUL", sse(text("a\\u0000"), STOP), "a\0"),
                Arguments.of(
                        "half characters",
                        sse(text("a\\ud83e"), text("\\udd80b\\ud83e"), text("\\udd80"), STOP),
                        "a🦀b🦀"),
                Arguments.of(
                        "usage of other types",
                        sse(
                                text("a"),
                                STOP,
                                usage("\"1\"", "\"2\""),
                                usage("-1", "2"),
                                usage("1.5", "2"),
                                usage("1e99", "2"),
                                DONE),
                        "a"),
                Arguments.of(
                        "chunk extensions and trailers",
                        CHUNKED + "1;x=y\r\nd\r\n" + chunk((text("a") + STOP).substring(1))
                                + "0 ;z\r\nX-Trailer: t\r\n\r\n",
                        "a"),
                Arguments.of(
                        "one byte a chunk",
                        CHUNKED + everyByte(bytes(text("é🦀").replace("\n", "\r\n")) + STOP) + "0\r\n\r\n",
                        "é🦀"),
                Arguments.of(
                        "a chunk of 10 MiB",
                        CHUNKED + chunk((": " + "x".repeat(998) + "\n").repeat(10_486) + text("a") + STOP)
                                + "0\r\n\r\n",
                        "a"),
                Arguments.of(
                        "100,000 events in one packet",
                        sse(text("").repeat(50_000), text("a").repeat(50_000), STOP),
                        "a".repeat(50_000)),
                Arguments.of("an empty answer that the model says is whole", sse(STOP, DONE), ""),
                Arguments.of(
                        "a whole answer",
                        "HTTP/1.1 200 OK\r\nContent-Length: 89\r\n\r\n"
                                + "{\"choices\":[{\"message\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}"
                                + " ".repeat(25),
                        "a"));
    }

    static String usage(String prompt, String completion) {
        return event("{\"choices\":[],\"usage\":{\"prompt_tokens\":" + prompt + ",\"completion_tokens\":" + completion
                + "}}");
    }

    static String everyByte(String bytes) {
        return bytes.chars().mapToObj(one -> chunk(String.valueOf((char) one))).collect(Collectors.joining());
    }
}
