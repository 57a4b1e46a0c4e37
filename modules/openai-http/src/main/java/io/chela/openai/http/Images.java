package io.chela.openai.http;

import static io.chela.openai.http.Fields.malformed;

import io.chela.api.ContentPart;
import io.chela.api.Message;
import io.chela.api.Role;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// What images a request may carry: in the request itself, of the usual kinds, and not too many.
///
/// Source: OpenClaw, "OpenAI chat completions endpoint", images.
final class Images {
    /// The largest image, in bytes.
    static final int MAX_BYTES = 10 * 1024 * 1024;

    /// The most images of the message that is answered, and their bytes in all.
    static final int MAX_IMAGES = 8;
    static final int MAX_TOTAL_BYTES = 20 * 1024 * 1024;

    private static final Set<String> KINDS =
            Set.of("image/jpeg", "image/jpg", "image/png", "image/gif", "image/webp", "image/heic", "image/heif");
    private static final String DATA = "data:";
    private static final String BASE64 = ";base64,";

    private Images() {}

    /// Checks an `image_url`: a data URL, as text or as `{"url"}`.
    static void check(String param, JsonNode image) {
        String url = image.isString() ? image.stringValue() : image.path("url").stringValue("");
        int base64 = url.indexOf(BASE64);
        if (!url.startsWith(DATA) || base64 < 0) {
            throw malformed(param, "must be a data URL, data:image/png;base64,…; addresses are not fetched.");
        }
        if (!KINDS.contains(url.substring(DATA.length(), base64).toLowerCase(Locale.ROOT))) {
            throw malformed(param, "must be a JPEG, PNG, GIF, WebP, HEIC or HEIF image.");
        }
        if (!isBase64(url, base64 + BASE64.length())) {
            throw malformed(param, "is not valid Base64.");
        }
        if (bytes(url) > MAX_BYTES) {
            throw malformed(param, "is larger than " + MAX_BYTES + " bytes.");
        }
    }

    /// Checks the images of the last user message together; earlier ones were checked when they were the last.
    static void checkQuestion(List<Message> messages) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            if (messages.get(i).role() == Role.USER) {
                checkTogether("messages[" + i + "].content", messages.get(i));
                return;
            }
        }
    }

    private static void checkTogether(String param, Message message) {
        List<String> urls = message.parts().stream()
                .filter(ContentPart.Image.class::isInstance)
                .map(part -> ((ContentPart.Image) part).url())
                .toList();
        if (urls.size() > MAX_IMAGES) {
            throw malformed(param, "has more than " + MAX_IMAGES + " images.");
        }
        if (urls.stream().mapToLong(Images::bytes).sum() > MAX_TOTAL_BYTES) {
            throw malformed(param, "has more than " + MAX_TOTAL_BYTES + " bytes of images.");
        }
    }

    private static long bytes(String url) {
        return (url.length() - (url.indexOf(BASE64) + BASE64.length())) / 4L * 3;
    }

    private static boolean isBase64(String url, int from) {
        int end = url.length();
        while (end > from && end > url.length() - 2 && url.charAt(end - 1) == '=') {
            end--;
        }
        for (int i = from; i < end; i++) {
            if (!isDigit(url.charAt(i))) {
                return false;
            }
        }
        return end > from;
    }

    private static boolean isDigit(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
    }
}
