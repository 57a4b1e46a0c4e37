package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.errors.SseException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.FunctionDefinition;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.models.Model;
import io.chela.testkit.ScriptedUpstream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// The official openai package for Java against the image.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OpenAiJavaTest {
    private final ScriptedUpstream upstream = EchoUpstream.start();
    private Image gateway;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        gateway = Launch.in(folder).start(EchoUpstream.config(upstream));
    }

    @AfterAll
    void stop() throws Exception {
        gateway.close();
        upstream.close();
    }

    private OpenAIClient client(String key, int retries) {
        return OpenAIOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:" + gateway.port() + "/v1")
                .apiKey(key)
                .maxRetries(retries)
                .build();
    }

    private OpenAIClient client() {
        return client(gateway.token(), 0);
    }

    private static ChatCompletionCreateParams.Builder ask(String text) {
        return ChatCompletionCreateParams.builder().model("openclaw").addUserMessage(text);
    }

    private String say(OpenAIClient client, String text) {
        return content(client.chat().completions().create(ask(text).build()));
    }

    private static String content(ChatCompletion answer) {
        return answer.choices().getFirst().message().content().orElse("");
    }

    @Test
    void getsAnAnswerWithItsUsage() {
        var answer = client().chat().completions().create(ask("hi").build()).validate();
        assertThat(content(answer)).isEqualTo("Echo: hi");
        assertThat(answer.usage().orElseThrow().totalTokens()).isEqualTo(13);
    }

    @Test
    void readsAStream() {
        var options = ChatCompletionStreamOptions.builder().includeUsage(true).build();
        try (var stream = client().chat()
                .completions()
                .createStreaming(ask("hi").streamOptions(options).build())) {
            var chunks = stream.stream().toList();
            assertThat(chunks.stream()
                            .flatMap(chunk -> chunk.choices().stream())
                            .map(choice -> choice.delta().content().orElse(""))
                            .collect(Collectors.joining()))
                    .isEqualTo("Echo: hi");
            assertThat(chunks.getLast().usage().orElseThrow().totalTokens()).isEqualTo(13);
        }
    }

    @Test
    void callsAToolAndFollowsUp() {
        var add = ChatCompletionFunctionTool.builder()
                .function(FunctionDefinition.builder().name("add").build())
                .build();
        var first =
                client().chat().completions().create(ask("TOOL").addTool(add).build());
        var message = first.choices().getFirst().message();
        var call = message.toolCalls().orElseThrow().getFirst().asFunction();
        assertThat(call.function().name()).isEqualTo("add");
        var result = ChatCompletionToolMessageParam.builder()
                .toolCallId(call.id())
                .content("3")
                .build();
        var second = ask("TOOL").addTool(add).addMessage(message).addMessage(result);
        assertThat(content(client().chat().completions().create(second.build())))
                .isEqualTo("The tool says 3");
    }

    @Test
    void throwsItsErrorsByClass() {
        assertThatThrownBy(() -> say(client("not-the-token", 0), "hi")).isInstanceOf(UnauthorizedException.class);
        assertThatThrownBy(() -> client().chat()
                        .completions()
                        .create(ask("hi").model("openclaw/nobody").build()))
                .isInstanceOf(NotFoundException.class);
        assertThatThrownBy(() -> client().chat()
                        .completions()
                        .create(ask("hi").temperature(9.0).build()))
                .isInstanceOfSatisfying(
                        BadRequestException.class, e -> assertThat(e.param()).contains("temperature"));
        assertThatThrownBy(() -> say(client(), "LIMIT java"))
                .isInstanceOfSatisfying(
                        RateLimitException.class,
                        e -> assertThat(e.headers().values("Retry-After")).containsExactly("1"));
        assertThatThrownBy(() -> say(client(), "FAIL"))
                .isInstanceOf(InternalServerException.class)
                .isInstanceOfSatisfying(
                        OpenAIServiceException.class,
                        e -> assertThat(e.statusCode()).isEqualTo(502));
    }

    @Test
    void asksAgainByItself() {
        assertThat(say(client(gateway.token(), 2), "LIMIT patient java")).isEqualTo("Echo: LIMIT patient java");
        assertThat(say(client(gateway.token(), 2), "LOAD patient java")).isEqualTo("Echo: LOAD patient java");
    }

    @Test
    void neverTakesABrokenAnswerForAWholeOne() {
        List<String> texts = new ArrayList<>();
        assertThatThrownBy(() -> {
                    try (var stream = client().chat()
                            .completions()
                            .createStreaming(ask("BREAK").build())) {
                        stream.stream()
                                .flatMap(chunk -> chunk.choices().stream())
                                .forEach(choice ->
                                        texts.add(choice.delta().content().orElse("")));
                    }
                })
                .isInstanceOf(SseException.class);
        assertThat(String.join("", texts)).isEqualTo("Once upon a time");
    }

    @Test
    void listsTheModels() {
        assertThat(client().models().list().data())
                .extracting(Model::id)
                .containsExactly("openclaw", "openclaw/default", "openclaw/main");
        assertThat(client().models().retrieve("openclaw/main").validate().ownedBy())
                .isEqualTo("openclaw");
    }

    @Test
    void asksFiftyThingsAtOnce() throws Exception {
        var shared = client();
        List<Future<String>> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                String text = "number " + i;
                answers.add(threads.submit(() -> say(shared, text)));
            }
        }
        for (int i = 0; i < 50; i++) {
            assertThat(answers.get(i).get()).isEqualTo("Echo: number " + i);
        }
    }
}
