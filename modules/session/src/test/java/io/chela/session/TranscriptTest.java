package io.chela.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import io.chela.api.Message;
import io.chela.api.Role;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TranscriptTest {
    private static final List<Message> HISTORY =
            List.of(user("What is 2+2?"), assistant("4"), user("And 3+3?"), assistant("6"));

    private static Message user(String text) {
        return Message.of(Role.USER, text);
    }

    private static Message assistant(String text) {
        return Message.of(Role.ASSISTANT, text);
    }

    private static Message json(String text) {
        return new Message(Json.readObject(text.replace('\'', '"')));
    }

    private static List<Message> joined(List<Message> messages, Message... more) {
        var all = new ArrayList<>(messages);
        all.addAll(List.of(more));
        return all;
    }

    private static List<Message> newMessages(List<Message> history, List<Message> incoming) {
        return Transcript.newMessages(new History(history, false), incoming);
    }

    private static List<Message> newMessagesAfterACut(List<Message> history, List<Message> incoming) {
        return Transcript.newMessages(new History(history, true), incoming);
    }

    @Test
    void takesTheLastOfAConversationSentWholeWhoseBeginningTheHistoryNoLongerHas() {
        List<Message> cut = HISTORY.subList(2, 4);
        List<Message> whole = joined(HISTORY, user("And 4+4?"));
        assertThat(newMessagesAfterACut(cut, whole)).containsExactly(user("And 4+4?"));
        assertThat(newMessagesAfterACut(cut, joined(HISTORY, user("lost"), user("And 4+4?"))))
                .containsExactly(user("lost"), user("And 4+4?"));
        // What a caller has shortened further, or never had, is found as before.
        assertThat(newMessagesAfterACut(cut, whole.subList(3, 5))).containsExactly(user("And 4+4?"));
        assertThat(newMessagesAfterACut(cut, List.of(user("And 4+4?")))).containsExactly(user("And 4+4?"));
        assertThat(newMessagesAfterACut(cut, HISTORY)).containsExactly(user("And 3+3?"));
        assertThat(newMessagesAfterACut(List.of(), whole)).isEqualTo(whole);
    }

    @Test
    void takesTheLastPlaceWhereACutHistoryIsFound() {
        List<Message> again = List.of(user("a"), assistant("b"));
        List<Message> whole = joined(joined(again, user("a"), assistant("b")), user("c"));
        assertThat(newMessagesAfterACut(again, whole)).containsExactly(user("c"));
    }

    @Test
    void findsTheLastOccurrenceOfAnyListInAnother() {
        var random = new Random(26);
        for (int round = 0; round < 20_000; round++) {
            List<Integer> part =
                    random.ints(1 + random.nextInt(4), 0, 2).boxed().toList();
            List<Integer> all = random.ints(random.nextInt(12), 0, 2).boxed().toList();
            int at = Collections.lastIndexOfSubList(all, part);
            assertThat(Overlap.endOf(part, all))
                    .describedAs("%s in %s", part, all)
                    .isEqualTo(at < 0 ? 0 : at + part.size());
        }
    }

    @Test
    void takesAMessageSentAlone() {
        assertThat(newMessages(HISTORY, List.of(user("And 4+4?")))).containsExactly(user("And 4+4?"));
    }

    @Test
    void takesTheLastOfAConversationSentWhole() {
        assertThat(newMessages(HISTORY, joined(HISTORY, user("And 4+4?")))).containsExactly(user("And 4+4?"));
    }

    @Test
    void takesTheLastOfAConversationThatTheCallerHasShortened() {
        assertThat(newMessages(HISTORY, joined(HISTORY.subList(2, 4), user("And 4+4?"))))
                .containsExactly(user("And 4+4?"));
    }

    @Test
    void takesAWholeConversationThatBeganElsewhere() {
        assertThat(newMessages(List.of(), joined(HISTORY, user("And 4+4?")))).hasSize(5);
        assertThat(newMessages(List.of(user("a"), assistant("b")), HISTORY)).isEqualTo(HISTORY);
    }

    @Test
    void takesAQuestionAgainThatNeverGotItsAnswer() {
        assertThat(newMessages(HISTORY, joined(HISTORY, user("lost"), user("And 4+4?"))))
                .containsExactly(user("lost"), user("And 4+4?"));
    }

    @Test
    void leavesInstructionsOut() {
        List<Message> incoming = new ArrayList<>(List.of(Message.of(Role.SYSTEM, "Be brief.")));
        incoming.addAll(HISTORY);
        incoming.add(Message.of(Role.DEVELOPER, "Be kind."));
        incoming.add(user("And 4+4?"));
        assertThat(newMessages(HISTORY, incoming)).containsExactly(user("And 4+4?"));
        assertThat(newMessages(HISTORY, List.of(Message.of(Role.SYSTEM, "Be brief."))))
                .isEmpty();
    }

    @Test
    void asksTheLastQuestionAnewWhenAllIsKnown() {
        assertThat(newMessages(HISTORY, HISTORY)).containsExactly(user("And 3+3?"));
    }

    @Test
    void comparesMeaningAndNotSpelling() {
        List<Message> history = List.of(
                user("Look"),
                json("{'role':'assistant','content':null,'tool_calls':[{'id':'c1','type':'function',"
                        + "'function':{'name':'look','arguments':'{}'}}]}"),
                json("{'role':'tool','tool_call_id':'c1','content':'a cat'}"),
                assistant("\n\nA cat."));
        List<Message> incoming = List.of(
                json("{'content':[{'type':'text','text':'Look'}],'role':'user','name':'Zoe'}"),
                json("{'tool_calls':[{'function':{'arguments':'{}','name':'look'},'id':'c1'}],'role':'assistant'}"),
                json("{'role':'tool','content':'a cat','tool_call_id':'c1','x':1}"),
                json("{'role':'assistant','content':'A cat.','refusal':null}"),
                user("Which?"));
        assertThat(newMessages(history, incoming)).containsExactly(user("Which?"));
    }

    @Test
    void tellsMessagesApartThatDifferInMoreThanText() {
        String picture = "{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:,%s'}}]}";
        String call = "{'role':'assistant','tool_calls':[{'id':'%s','function':{'name':'f','arguments':'{}'}}]}";
        String result = "{'role':'tool','tool_call_id':'%s','content':'a cat'}";
        for (String form : List.of(picture, call, result)) {
            Message one = json(form.formatted("1"));
            Message two = json(form.formatted("2"));
            assertThat(newMessages(List.of(one), List.of(one, user("next")))).containsExactly(user("next"));
            assertThat(newMessages(List.of(one), List.of(two, user("next")))).containsExactly(two, user("next"));
        }
    }

    @Test
    void findsTheLongestOverlapOfAnyTwoLists() {
        var random = new Random(25);
        for (int round = 0; round < 20_000; round++) {
            List<Integer> earlier = random.ints(random.nextInt(9), 0, 2).boxed().toList();
            List<Integer> later = random.ints(random.nextInt(9), 0, 2).boxed().toList();
            int k = Math.min(earlier.size(), later.size());
            while (!earlier.subList(earlier.size() - k, earlier.size()).equals(later.subList(0, k))) {
                k--;
            }
            assertThat(Overlap.length(earlier, later))
                    .describedAs("%s then %s", earlier, later)
                    .isEqualTo(k);
        }
    }

    /// Trying every length would take hours.
    @Test
    @Timeout(20)
    void isLinearWhenAllMessagesAreEqual() {
        List<Message> history = joined(Collections.nCopies(200_000, user("a")), user("b"));
        List<Message> incoming = joined(Collections.nCopies(200_000, user("a")), user("c"));
        assertThat(newMessages(history, incoming)).hasSize(200_001);
        assertThat(newMessagesAfterACut(history, incoming)).hasSize(200_001);
    }
}
