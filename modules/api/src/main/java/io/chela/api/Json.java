package io.chela.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads JSON strictly and writes it compactly: the one place that knows the parser's settings.
///
/// Strict means: UTF-8 without errors, one value and nothing after it, no duplicate member, at most
/// [#MAX_DEPTH] levels, numbers of at most [#MAX_NUMBER_LENGTH] digits and [#MAX_TOKENS] tokens in all. Numbers
/// keep their digits. Source: RFC 8259.
public final class Json {
    public static final int MAX_DEPTH = 512;
    public static final int MAX_NUMBER_LENGTH = 1_000;

    /// How many names, values, brackets and braces: a tree takes some hundred times the bytes of `{}`.
    public static final int MAX_TOKENS = 250_000;

    private static final int MAX_STRING_LENGTH = 32 * 1024 * 1024;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(MAX_NUMBER_LENGTH)
                            .maxStringLength(MAX_STRING_LENGTH)
                            .maxTokenCount(MAX_TOKENS)
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

    /// Reads one object; refuses everything else with [Problem.Malformed].
    public static ObjectNode readObject(byte[] bytes) {
        return readObject(decode(bytes));
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
            return MAPPER.readTree(text);
        } catch (StreamConstraintsException _) {
            throw malformed("The JSON is nested deeper than " + MAX_DEPTH + " levels, has a number of more than "
                    + MAX_NUMBER_LENGTH + " digits, or more than " + MAX_TOKENS + " names and values.");
        } catch (NumberFormatException _) { // not one of Jackson's own, though Jackson throws it
            throw malformed("The JSON has a number whose exponent is out of range.");
        } catch (JacksonException e) {
            var at = e.getLocation();
            throw malformed(
                    at == null
                            ? "The body is not valid JSON."
                            : "The body is not valid JSON: see line " + at.getLineNr() + ", column " + at.getColumnNr()
                                    + ".");
        }
    }

    private static String decode(byte[] bytes) {
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException _) {
            throw malformed("The body is not valid UTF-8.");
        }
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
