package io.chela.app.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/// Reads JSON5 into [Value]s: JSON with comments, single quotes, bare names, trailing commas, and numbers
/// such as `+1`, `.5` and `5.`. Hexadecimal numbers, `Infinity`, texts over several lines and the escapes
/// that JSON does not have are mistakes.
final class Json5Tree {
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .enable(JsonReadFeature.ALLOW_UNQUOTED_PROPERTY_NAMES)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .enable(JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS)
            .enable(JsonReadFeature.ALLOW_LEADING_DECIMAL_POINT_FOR_NUMBERS)
            .enable(JsonReadFeature.ALLOW_TRAILING_DECIMAL_POINT_FOR_NUMBERS)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private final Path file;
    private final String text;
    private final Documents documents;

    Json5Tree(Path file, String text, Documents documents) {
        this.file = file;
        this.text = text;
        this.documents = documents;
    }

    /// @throws BadFileException when it is no JSON5
    Value read() {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() == null) {
                return new Value.Members(new Place(file, 1, 1), Map.of());
            }
            Value value = value("", parser, 0);
            if (parser.nextToken() != null) {
                throw new BadFileException(here(parser), "something stands after the end of the object");
            }
            return value;
        } catch (JacksonException e) {
            int offset = Optional.ofNullable(e.getLocation())
                    .map(TokenStreamLocation::getCharOffset)
                    .filter(at -> at >= 0 && at <= text.length())
                    .map(Long::intValue)
                    .orElse(text.length());
            throw new BadFileException(place(offset), Json5Words.at(text, offset));
        }
    }

    private Value value(String path, JsonParser parser, int depth) {
        Place place = here(parser);
        documents.count(place);
        if (depth > Documents.MAX_DEPTH) {
            throw new BadFileException(place, "deeper than " + Documents.MAX_DEPTH + " levels");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> members(path, parser, place, depth);
            case START_ARRAY -> items(path, parser, place, depth);
            case VALUE_NULL -> new Value.Text(place, "");
            default -> new Value.Text(place, parser.getString());
        };
    }

    private Value members(String path, JsonParser parser, Place place, int depth) {
        Map<String, Value.Member> members = new LinkedHashMap<>();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            Place at = here(parser);
            String below = Mistakes.below(path, name);
            parser.nextToken();
            var member = new Value.Member(at, value(below, parser, depth + 1));
            Value.Member first = members.putIfAbsent(name, member);
            if (first != null) {
                documents
                        .mistakes()
                        .add(
                                below,
                                at,
                                "is there twice, first in line " + first.place().line());
            }
        }
        return new Value.Members(place, members);
    }

    private Value items(String path, JsonParser parser, Place place, int depth) {
        List<Value> items = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            items.add(value(path + "[" + items.size() + "]", parser, depth + 1));
        }
        return new Value.Items(place, items);
    }

    private Place here(JsonParser parser) {
        TokenStreamLocation at = parser.currentTokenLocation();
        return new Place(file, at.getLineNr(), at.getColumnNr());
    }

    private Place place(int offset) {
        int line = 1
                + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
        return new Place(file, line, offset - text.lastIndexOf('\n', offset - 1));
    }
}
