package io.chela.fuzz;

import io.chela.api.Json;
import io.chela.api.Problem;
import io.chela.api.ProblemException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads any bytes as JSON: refused in our words, or the same value once it was written and read again.
public final class JsonTarget {
    private JsonTarget() {}

    public static void fuzzerTestOneInput(byte[] bytes) {
        ObjectNode read;
        try {
            read = Json.readObject(bytes);
        } catch (ProblemException e) {
            Faults.check(e.problem() instanceof Problem.Malformed, () -> "refused as " + e.problem());
            Faults.checkWords(e.problem().message(), bytes);
            return;
        }
        String written = Json.write(read);
        ObjectNode again = Json.readObject(written);
        Faults.check(again.equals(JsonTarget::compare, read), () -> "reads another value than it wrote: " + written);
        Faults.check(Json.write(again).equals(written), () -> "writes another text than it read: " + written);
    }

    /// Numbers by what they are worth: 1E0 is written as 1.
    private static int compare(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue());
        }
        return one.equals(other) ? 0 : 1;
    }
}
