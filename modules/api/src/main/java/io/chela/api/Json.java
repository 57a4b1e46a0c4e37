package io.chela.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads JSON strictly and writes it compactly: the one place that knows the parser's settings.
///
/// Strict means: UTF-8 without errors, one value and nothing after it, no duplicate member, at most
/// [#MAX_DEPTH] levels, numbers of at most [#MAX_NUMBER_LENGTH] digits with exponents of at most [#MAX_EXPONENT], and
/// [#MAX_TOKENS] tokens in all. Texts are as long as what holds them. Numbers keep their digits; one byte order mark is
/// skipped. Source: RFC 8259.
public final class Json {
    public static final int MAX_DEPTH = 512;
    public static final int MAX_NUMBER_LENGTH = 1_000;

    /// The largest exponent, either way, of a number with one digit before its point: some readers write out every
    /// digit that it stands for.
    public static final int MAX_EXPONENT = 9_999;

    /// How many names, values, brackets and braces: a tree takes some hundred times the bytes of `{}`.
    public static final int MAX_TOKENS = 250_000;

    /// The longest name of a member, in characters.
    public static final int MAX_NAME_LENGTH = 50_000;

    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_NUMBER_LENGTH)
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNameLength(MAX_NAME_LENGTH)
                            .maxTokenCount(MAX_TOKENS)
                            .build())
                    .streamWriteConstraints(StreamWriteConstraints.builder()
                            .maxNestingDepth(2 * MAX_DEPTH) // what was read, inside of what we write around it
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .disable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private Json() {}

    /// An empty object to fill.
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /// Reads the object that a caller sent, as [#readRequest(String)] does.
    public static ObjectNode readObject(byte[] bytes) {
        return readRequest(decode(bytes));
    }

    /// Reads the object that a caller sent: as [#readObject(String)], and without half of a surrogate pair. That
    /// has no UTF-8, so nothing could keep or send it as it is. Refuses with [Problem.Malformed].
    public static ObjectNode readRequest(String text) {
        ObjectNode object = readObject(text);
        int half = Surrogates.half(text);
        if (half >= 0) {
            throw malformed("The JSON has half of a surrogate pair, at character " + half + ".");
        }
        return object;
    }

    /// Reads one object; refuses everything else with [Problem.Malformed].
    public static ObjectNode readObject(String text) {
        if (read(text) instanceof ObjectNode object) {
            return object;
        }
        throw malformed("The JSON must be an object.");
    }

    /// Reads an object that a peer sent; empty when it is none.
    public static Optional<ObjectNode> tryObject(String text) {
        try {
            return Optional.of(readObject(text));
        } catch (ProblemException _) {
            return Optional.empty();
        }
    }

    private static JsonNode read(String text) {
        try {
            JsonNode json = MAPPER.readTree(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
            if (hasLargeExponent(json)) {
                throw exponent();
            }
            return json;
        } catch (NumberFormatException _) { // from BigDecimal, past all of Jackson
            throw exponent();
        } catch (JacksonException e) {
            throw malformed(JsonFaults.sentence(e));
        }
    }

    private static ProblemException exponent() {
        return malformed("The JSON has a number whose exponent is beyond " + MAX_EXPONENT + ".");
    }

    private static boolean hasLargeExponent(JsonNode json) {
        if (json instanceof DecimalNode number) {
            BigDecimal value = number.decimalValue();
            return Math.abs(value.precision() - 1L - value.scale()) > MAX_EXPONENT;
        }
        if (json.isContainer()) {
            for (JsonNode inner : json) {
                if (hasLargeExponent(inner)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String decode(byte[] bytes) {
        if (isWide(bytes)) {
            throw malformed("The body is UTF-16 or UTF-32; it must be UTF-8.");
        }
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException _) {
            throw malformed("The body is not valid UTF-8.");
        }
    }

    /// Tells two bytes a character, or four, by their mark, or by the zeros around a first ASCII character.
    private static boolean isWide(byte[] bytes) {
        if (bytes.length < 2) {
            return false;
        }
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        return first == 0 || second == 0 || (first == 0xfe && second == 0xff) || (first == 0xff && second == 0xfe);
    }

    /// Writes without blanks.
    public static String write(JsonNode json) {
        return MAPPER.writeValueAsString(json);
    }

    /// Writes without blanks, as UTF-8.
    public static byte[] writeBytes(JsonNode json) {
        return MAPPER.writeValueAsBytes(json);
    }

    private static ProblemException malformed(String reason) {
        return new ProblemException(new Problem.Malformed(Optional.empty(), reason));
    }
}
