package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.RateLimitException;
import dev.langchain4j.model.catalog.ModelDescription;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiModelCatalog;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import io.chela.testkit.ScriptedUpstream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// LangChain4j's OpenAI client against the image.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LangChain4jTest {
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

    private OpenAiChatModel model(String key, String name) {
        return OpenAiChatModel.builder()
                .baseUrl("http://127.0.0.1:" + gateway.port() + "/v1")
                .apiKey(key)
                .modelName(name)
                .maxRetries(0)
                .build();
    }

    private OpenAiChatModel model() {
        return model(gateway.token(), "openclaw");
    }

    @Test
    void getsAnAnswerWithItsUsage() {
        var answer = model().chat(UserMessage.from("hi"));
        assertThat(answer.aiMessage().text()).isEqualTo("Echo: hi");
        assertThat(answer.tokenUsage().totalTokenCount()).isEqualTo(13);
    }

    @Test
    void readsAStream() throws Exception {
        var model = OpenAiStreamingChatModel.builder()
                .baseUrl("http://127.0.0.1:" + gateway.port() + "/v1")
                .apiKey(gateway.token())
                .modelName("openclaw")
                .build();
        var whole = new CompletableFuture<String>();
        model.chat("hi", new StreamingChatResponseHandler() {
            private final StringBuilder text = new StringBuilder();

            @Override
            public void onPartialResponse(String partial) {
                text.append(partial);
            }

            @Override
            public void onCompleteResponse(ChatResponse response) {
                whole.complete(text.toString());
            }

            @Override
            public void onError(Throwable error) {
                whole.completeExceptionally(error);
            }
        });
        assertThat(whole.get(60, TimeUnit.SECONDS)).isEqualTo("Echo: hi");
    }

    @Test
    void callsAToolAndFollowsUp() {
        var add = ToolSpecification.builder().name("add").description("Adds.").build();
        var question = UserMessage.from("TOOL");
        var first = model().chat(ChatRequest.builder()
                .messages(question)
                .toolSpecifications(add)
                .build());
        var call = first.aiMessage().toolExecutionRequests().getFirst();
        assertThat(call.name()).isEqualTo("add");
        var second = model().chat(ChatRequest.builder()
                .messages(question, first.aiMessage(), ToolExecutionResultMessage.from(call, "3"))
                .toolSpecifications(add)
                .build());
        assertThat(second.aiMessage().text()).isEqualTo("The tool says 3");
    }

    @Test
    void listsTheModels() {
        var models = OpenAiModelCatalog.builder()
                .baseUrl("http://127.0.0.1:" + gateway.port() + "/v1")
                .apiKey(gateway.token())
                .build()
                .listModels();
        assertThat(models)
                .extracting(ModelDescription::name)
                .containsExactly("openclaw", "openclaw/default", "openclaw/main");
    }

    @Test
    void asksFiftyThingsAtOnce() throws Exception {
        var shared = model();
        List<Future<String>> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 50; i++) {
                String text = "number " + i;
                answers.add(threads.submit(() -> shared.chat(text)));
            }
        }
        for (int i = 0; i < 50; i++) {
            assertThat(answers.get(i).get()).isEqualTo("Echo: number " + i);
        }
    }

    @Test
    void throwsItsErrorsByClass() {
        assertThatThrownBy(() -> model("not-the-token", "openclaw").chat("hi"))
                .isInstanceOf(AuthenticationException.class);
        assertThatThrownBy(() -> model(gateway.token(), "openclaw/nobody").chat("hi"))
                .isInstanceOf(ModelNotFoundException.class);
        assertThatThrownBy(() -> model().chat(ChatRequest.builder()
                        .messages(UserMessage.from("hi"))
                        .temperature(9.0)
                        .build()))
                .isInstanceOf(InvalidRequestException.class);
        assertThatThrownBy(() -> model().chat("LIMIT langchain")).isInstanceOf(RateLimitException.class);
    }
}
