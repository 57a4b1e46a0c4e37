package io.chela.agent.runtime;

import io.chela.api.Budget;
import io.chela.api.Json;
import io.chela.api.Message;
import io.chela.api.ModelEvent;
import io.chela.api.Problem;
import io.chela.api.Problem.Upstream.Fault;
import io.chela.api.ProblemException;
import io.chela.api.Role;
import io.chela.api.Usage;
import io.chela.api.Utf8;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a model has said so far, joined from its fragments. Safe for one writer and many readers.
public final class Answer {
    /// What a member counts beside its name and value, in bytes.
    private static final int MEMBER_BYTES = 64;

    /// The most tool calls of one answer.
    static final int MAX_TOOL_CALLS = 128;

    /// How often it is held when it is finished: as its pieces, and as the message made of them.
    private static final int COPIES = 2;

    private static final Duration BUSY_RETRY = Duration.ofSeconds(1);

    private final int maxBytes;
    private final Budget.Hold memory;
    private final StringBuilder text = new StringBuilder();
    private final Map<Integer, ObjectNode> toolCalls = new TreeMap<>();
    private final Map<Integer, StringBuilder> arguments = new TreeMap<>();
    private final Map<String, Extra> extras = new LinkedHashMap<>();
    private String provider = "";
    private int chars;
    private long bytes;
    private boolean begun;
    private Optional<String> finishReason = Optional.empty();
    private Optional<Usage> spent = Optional.empty();
    private Optional<Usage> usage = Optional.empty();

    /// @param maxBytes how much it may hold, in UTF-8
    /// @param memory what it is counted in while it grows
    Answer(int maxBytes, Budget.Hold memory) {
        this.maxBytes = maxBytes;
        this.memory = memory;
    }

    /// Says who answers, for error texts.
    synchronized void isOf(String name) {
        provider = name;
    }

    /// Takes memory for what is needed to ask for it.
    void holdBeside(long memoryBytes) {
        hold(memoryBytes, "sessions");
    }

    private void hold(long memoryBytes, String what) {
        if (!memory.grow(memoryBytes)) {
            throw new ProblemException(new Problem.Unavailable(
                    "limits.bufferedBytes", "The gateway is busy with other large " + what + ".", BUSY_RETRY));
        }
    }

    /// It grows no more: what is kept of it for a while is bounded by [Runs].
    void release() {
        memory.close();
    }

    synchronized void add(ModelEvent event) {
        begun |= !(event instanceof ModelEvent.Used);
        switch (event) {
            case ModelEvent.Text(var piece) -> text.append(counted(piece));
            case ModelEvent.ToolCallDelta delta -> addToolCall(delta);
            case ModelEvent.Extra(var member, var value) -> extra(member, value);
            case ModelEvent.Finish(var reason) -> finishReason = Optional.of(reason);
            case ModelEvent.Used(var counts) -> usage = Optional.of(counts);
        }
    }

    private String counted(String piece) {
        count(piece.length(), Utf8.length(piece));
        return piece;
    }

    /// A new member costs its name and a place in a tree, also when its value is nothing.
    private void countMember(String name, JsonNode value, boolean isNew) {
        if (isNew) {
            count(name.length() + MEMBER_BYTES, Utf8.length(name) + MEMBER_BYTES);
        }
        String written = value.isString() ? value.stringValue() : Json.write(value);
        count(written.length(), Utf8.length(written) + (long) nodes(value) * MEMBER_BYTES);
    }

    /// How many values there are within, at any depth: a tree of `[]` is much larger than its text.
    private static int nodes(JsonNode value) {
        int nodes = value.size();
        for (JsonNode inner : value) {
            nodes += nodes(inner);
        }
        return nodes;
    }

    private void count(int moreChars, long moreBytes) {
        chars += moreChars;
        bytes += moreBytes;
        if (bytes > maxBytes) {
            throw broken(Fault.ANSWER_TOO_LARGE, "is larger than " + maxBytes + " bytes and was cut off.");
        }
        hold(COPIES * moreBytes, "answers");
    }

    private ProblemException broken(Fault fault, String what) {
        return new ProblemException(new Problem.Upstream(
                Problem.Upstream.Kind.BROKEN,
                Optional.of(fault),
                provider,
                Optional.empty(),
                "The answer of the model provider '" + provider + "' " + what,
                Optional.empty()));
    }

    private void addToolCall(ModelEvent.ToolCallDelta delta) {
        if (delta.index() < 0 || delta.index() >= MAX_TOOL_CALLS) {
            throw broken(Fault.TOOL_CALLS, "has more than " + MAX_TOOL_CALLS + " tool calls and was cut off.");
        }
        ObjectNode call = toolCalls.computeIfAbsent(delta.index(), _ -> Json.object());
        delta.json().properties().forEach(member -> {
            if (member.getKey().equals("function") && member.getValue() instanceof ObjectNode function) {
                addFunction(call, delta.index(), function);
            } else if (!member.getKey().equals("index")) {
                countMember(member.getKey(), member.getValue(), !call.has(member.getKey()));
                call.set(member.getKey(), member.getValue());
            }
        });
    }

    private void addFunction(ObjectNode call, int index, ObjectNode fragment) {
        ObjectNode function = call.get("function") instanceof ObjectNode known ? known : call.putObject("function");
        fragment.properties().forEach(member -> {
            if (member.getKey().equals("arguments")) {
                arguments
                        .computeIfAbsent(index, _ -> new StringBuilder())
                        .append(counted(member.getValue().stringValue("")));
            } else {
                countMember(member.getKey(), member.getValue(), !function.has(member.getKey()));
                function.set(member.getKey(), member.getValue());
            }
        });
    }

    private void extra(String member, JsonNode value) {
        countMember(member, value, !extras.containsKey(member));
        extras.computeIfAbsent(member, _ -> new Extra()).add(value);
    }

    /// Keeps what the model was asked in vain so far in the usage, and waits for another reply.
    synchronized void askedAgain() {
        spent = usage();
        usage = Optional.empty();
    }

    /// Tells whether the model has said anything at all, that may have been passed on.
    synchronized boolean hasBegun() {
        return begun;
    }

    /// How much it holds, in characters.
    synchronized int chars() {
        return chars;
    }

    public synchronized String text() {
        return text.toString();
    }

    /// Tells whether the model has said anything a caller would miss.
    public synchronized boolean isEmpty() {
        return text.isEmpty() && toolCalls.isEmpty();
    }

    public synchronized Optional<String> finishReason() {
        return finishReason;
    }

    /// What the run cost, summed over its model calls; empty when none of them said.
    public synchronized Optional<Usage> usage() {
        return spent.map(before -> usage.map(before::plus).orElse(before)).or(() -> usage);
    }

    /// The assistant's message in the OpenAI chat shape, with every member the model gave.
    public synchronized ObjectNode message() {
        ObjectNode message = transcribed();
        extras.forEach((member, extra) -> message.set(member, extra.json()));
        return message;
    }

    /// The message as a transcript keeps it: what later prompts send back to the model.
    synchronized Message entry() {
        return new Message(transcribed());
    }

    /// What can be kept of an answer that broke off: the text alone, since half a tool call is none.
    Optional<Message> partialEntry() {
        return Optional.of(text()).filter(said -> !said.isEmpty()).map(said -> Message.of(Role.ASSISTANT, said));
    }

    private ObjectNode transcribed() {
        ObjectNode message = Json.object().put("role", Role.ASSISTANT.wire());
        if (text.isEmpty() && !toolCalls.isEmpty()) {
            message.putNull("content");
        } else {
            message.put("content", text.toString());
        }
        if (!toolCalls.isEmpty()) {
            ArrayNode calls = message.putArray("tool_calls");
            toolCalls.forEach((index, call) -> calls.add(whole(index, call)));
        }
        return message;
    }

    private ObjectNode whole(int index, ObjectNode call) {
        ObjectNode whole = call.deepCopy();
        Supplier<ObjectNode> none = () -> whole.putObject("function");
        ObjectNode function = whole.get("function") instanceof ObjectNode known ? known : none.get();
        StringBuilder joined = arguments.get(index);
        function.put("arguments", joined == null ? "" : joined.toString());
        return whole;
    }
}
