package io.chela.model.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.Json;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToolCallReaderTest {
    private final ToolCallReader reader = new ToolCallReader();

    private List<String> read(String... fragments) {
        return Arrays.stream(fragments)
                .map(fragment -> reader.read(Json.readObject(fragment.replace('\'', '"')), 0))
                .map(delta -> Json.write(delta.json()).replace('"', '\''))
                .toList();
    }

    @Test
    void saysIdTypeAndNameOfACallOnce() {
        String first = "{'index':0,'id':'c','type':'function','function':{'name':'f','arguments':'{'}}";
        assertThat(read(first, "{'index':0,'id':'c','type':'function','function':{'name':'f','arguments':'}'}}"))
                .containsExactly(first, "{'index':0,'function':{'arguments':'}'}}");
        assertThat(reader.fault()).isEmpty();
    }

    @Test
    void tellsCallsApartThatShareAnIndex() {
        assertThat(read(
                        "{'index':0,'id':'c','function':{'name':'f','arguments':'{}'}}",
                        "{'index':0,'id':'d','function':{'name':'f','arguments':'{}'}}",
                        "{'index':0,'function':{'arguments':' '}}"))
                .containsExactly(
                        "{'index':0,'id':'c','type':'function','function':{'name':'f','arguments':'{}'}}",
                        "{'index':1,'id':'d','type':'function','function':{'name':'f','arguments':'{}'}}",
                        "{'index':1,'function':{'arguments':' '}}");
    }

    @Test
    void joinsTheFragmentsOfACallWhoseIndexChanges() {
        assertThat(read(
                        "{'index':3,'id':'c','function':{'name':'f','arguments':'{'}}",
                        "{'index':7,'id':'c','function':{'arguments':'}'}}",
                        "{'index':7,'function':{'arguments':' '}}"))
                .containsExactly(
                        "{'index':0,'id':'c','type':'function','function':{'name':'f','arguments':'{'}}",
                        "{'index':0,'function':{'arguments':'}'}}",
                        "{'index':0,'function':{'arguments':' '}}");
    }

    @Test
    void givesACallWithoutAnIdOneAndKeepsIt() {
        List<String> read = read(
                "{'function':{'name':'f'}}",
                "{'id':'late','function':{'arguments':'{}'}}",
                "{'function':{'name':'g'}}");
        assertThat(read.get(0)).matches("\\{'index':0,'id':'call_[-0-9a-f]{36}','type':'function','function':.*");
        assertThat(read.get(1)).isEqualTo("{'index':0,'function':{'arguments':'{}'}}");
        assertThat(read.get(2)).startsWith("{'index':1,'id':'call_");
    }

    @Test
    void makesTextOfWhatIsNone() {
        assertThat(read(
                        "{'index':-1,'id':7,'type':null,'function':{'name':'f','arguments':[1]}}",
                        "{'index':-1,'function':{'arguments':null}}",
                        "{'index':-1,'function':'x'}"))
                .containsExactly(
                        "{'index':0,'id':'7','type':'function','function':{'name':'f','arguments':'[1]'}}",
                        "{'index':0,'function':{}}",
                        "{'index':0}");
    }

    @Test
    void findsACallWithoutAName() {
        assertThat(read("{'index':0,'id':'c','type':'custom','custom':{'name':'f'}}"))
                .hasSize(1);
        assertThat(reader.fault()).isEmpty();
        assertThat(read("{'index':1,'id':'d','function':{'name':[],'arguments':'{}'}}"))
                .hasSize(1);
        assertThat(reader.fault()).contains("called a tool without its name.");
    }
}
