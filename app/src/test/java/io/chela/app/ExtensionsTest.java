package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.chela.api.spi.ExtensionContext;
import io.chela.api.spi.ReplyLimits;
import io.chela.api.spi.Settings;
import io.helidon.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a person does to `modules/`, and what the start says about it: one sentence that names the folder.
class ExtensionsTest {
    private static final String NAME = "com.example.hello";

    @TempDir
    private Path home = Path.of("unset");

    private Path modules = Path.of("unset");
    private Path folder = Path.of("unset");
    private Path jar = Path.of("unset");

    @BeforeEach
    void anEmptyFolder() throws IOException {
        modules = Files.createDirectory(home.resolve("modules"));
        folder = modules.resolve("hello");
        jar = folder.resolve("hello.jar");
    }

    private Extensions load() {
        return Extensions.load(Optional.of(modules));
    }

    /// The sentence that stops the start, and that `chela modules list` shows beside what does work.
    private String fault() {
        Extensions found = Extensions.find(Optional.of(modules));
        assertThat(ModulesCommand.lines(found)).anyMatch(line -> line.startsWith("model  offline"));
        assertThat(found.faults()).hasSize(1);
        String sentence = found.faults().getFirst();
        assertThatThrownBy(this::load).isInstanceOf(UsageException.class).hasMessage(sentence);
        assertThat(sentence).startsWith("chela: ").hasLineCount(1).doesNotContain("\tat ", "java.lang.");
        return sentence;
    }

    private String faultOfFolder() {
        return assertThat(fault()).contains(folder.toString()).contains("; ").actual();
    }

    private void create() {
        load().model("hello").create(new ExtensionContext("home", Settings.of(secrets()), home, home));
    }

    private static Config secrets() {
        return Config.just(io.helidon.config.ConfigSources.create(Map.of("apiKey", "a-secret-of-16-characters")));
    }

    private static String hello(String more) {
        return SourceJar.providerClass(NAME, "\"hello\"", more);
    }

    @Test
    void isListedWithItsModuleAndItsFolder() throws IOException {
        SourceJar.provider(jar, NAME, "\"hello\"", "");

        assertThat(ModulesCommand.lines(load()))
                .anyMatch(line -> line.matches("model +hello +com\\.example\\.hello +- +modules/hello"));
    }

    @Test
    void isFoundThroughASymlink() throws IOException {
        Path elsewhere = home.resolve("elsewhere/hello.jar");
        SourceJar.provider(elsewhere, NAME, "\"hello\"", "");
        Files.createSymbolicLink(folder, elsewhere.getParent());

        assertThat(load().model("hello").type()).isEqualTo("hello");
    }

    @Test
    void leavesAloneWhatIsNoExtension() throws IOException {
        Files.writeString(modules.resolve("README.md"), "Put extensions here.");
        Files.createDirectory(modules.resolve(".git"));

        assertThat(load().faults()).isEmpty();
    }

    @Test
    void mayBeOneJarWithoutAModuleInfo() throws IOException {
        SourceJar.provider(jar, NAME, "\"hello\"", "");
        SourceJar.rewrite(
                jar, "module-info.class", "", "META-INF/services/io.chela.api.spi.ModelProvider", NAME + ".Provider");

        assertThat(load().model("hello").type()).isEqualTo("hello");
    }

    @Test
    void doesWithoutTheCopyOfOurOwnModuleThatBuildToolsBring() throws IOException {
        SourceJar.provider(jar, NAME, "\"hello\"", "");
        SourceJar.make(
                folder.resolve("chela-api.jar"),
                "module io.chela.api { exports io.chela.api.spi; }",
                "package io.chela.api.spi; public interface ModelProvider {}");

        assertThat(load().model("hello").type()).isEqualTo("hello");
    }

    @Test
    void saysThatAFolderIsEmpty() throws IOException {
        Files.createDirectory(folder);

        assertThat(faultOfFolder()).contains("no jar").contains("copy the extension's jars there");
    }

    @Test
    void saysThatAJarLiesBesideTheFolders() throws IOException {
        Path loose = modules.resolve("hello-1.0.jar");
        Files.writeString(loose, "");

        assertThat(fault())
                .contains(
                        loose + " lies beside",
                        modules.resolve("hello-1.0/hello-1.0.jar").toString());
    }

    @Test
    void saysThatALinkLeadsNowhere() throws IOException {
        Files.createSymbolicLink(folder, home.resolve("nowhere"));

        assertThat(fault()).contains(folder.toString(), "not there", "repair or remove");
    }

    @Test
    void saysThatAFileIsNoJar() throws IOException {
        Files.createDirectory(folder);
        Files.writeString(jar, "<html>404</html>");
        assertThat(faultOfFolder()).contains("hello.jar is no jar").contains("copy it again");
    }

    @Test
    void saysThatAJarIsOnlyAPart() throws IOException {
        SourceJar.provider(jar, NAME, "\"hello\"", "");
        byte[] whole = Files.readAllBytes(jar);
        Files.write(jar, java.util.Arrays.copyOf(whole, whole.length / 2));

        assertThat(faultOfFolder()).contains("only a part of one");
    }

    @Test
    void saysThatAJarIsForANewerJava() throws IOException {
        SourceJar.provider(jar, NAME, "\"hello\"", "");
        SourceJar.rewrite(jar, "", "module-info.class");
        assertThat(faultOfFolder()).contains("hello.jar was compiled for Java 26", "this is Java 25", "--release 25");

        SourceJar.provider(jar, NAME, "\"hello\"", "");
        SourceJar.rewrite(jar, "", "com/example/hello/Provider.class");
        assertThat(faultOfFolder()).contains("was compiled for Java 26", "this is Java 25", "--release 25");
    }

    @Test
    void namesTheModuleThatIsMissing() throws IOException {
        Path library = SourceJar.make(
                folder.resolve("library.jar"),
                "module com.example.library { exports l; }",
                "package l; public class L {}");
        SourceJar.make(
                jar,
                "module com.example.hello { requires io.chela.api; requires com.example.library;"
                        + " provides io.chela.api.spi.ModelProvider with com.example.hello.Provider; }",
                hello("l.L l;"));
        assertThat(load().model("hello").type()).isEqualTo("hello");
        Files.delete(library);

        assertThat(faultOfFolder())
                .contains("hello.jar requires the module com.example.library")
                .contains("copy its jar there");
    }

    @Test
    void saysThatNoJarProvidesAnything() throws IOException {
        SourceJar.make(jar, "module com.example.hello { requires io.chela.api; }", hello(""));

        assertThat(faultOfFolder()).contains("provides io.chela.api.spi.ModelProvider", "hello.jar");
    }

    @Test
    void namesTwoVersionsOfOneModule() throws IOException {
        SourceJar.provider(folder.resolve("hello-1.jar"), NAME, "\"hello\"", "");
        Files.copy(folder.resolve("hello-1.jar"), folder.resolve("hello-2.jar"));

        assertThat(faultOfFolder()).contains("hello-1.jar and hello-2.jar are both the module " + NAME, "keep one");
    }

    @Test
    void namesTwoModulesWithOnePackage() throws IOException {
        SourceJar.make(folder.resolve("a.jar"), "module a { exports both; }", "package both; public class A {}");
        SourceJar.make(folder.resolve("b.jar"), "module b { exports both; }", "package both; public class B {}");
        SourceJar.provider(jar, NAME, "\"hello\"", "");

        assertThat(faultOfFolder())
                .contains("a.jar and b.jar both have the package both")
                .contains("keep one");
    }

    @Test
    void namesTwoOfOneType() throws IOException {
        SourceJar.provider(jar, NAME, "\"openai-completions\"", "");
        assertThat(fault()).contains("'openai-completions'", "in the image", "in modules/hello", "remove a folder");

        SourceJar.provider(jar, NAME, "\"hello\"", "");
        Files.createDirectory(modules.resolve("again"));
        Files.copy(jar, modules.resolve("again/again.jar"));
        assertThat(fault()).contains("'hello'", "in modules/again and", "in modules/hello");
    }

    @Test
    void saysWhatAConstructorThrew() throws IOException {
        SourceJar.provider(
                jar,
                NAME,
                "\"hello\"",
                "public Provider() { throw new IllegalStateException(\"no licence\\n at all\"); }");
        assertThat(faultOfFolder()).contains("IllegalStateException: no licence at all");

        SourceJar.provider(jar, NAME, "\"hello\"", "static final int N = Integer.parseInt(\"x\");");
        assertThat(faultOfFolder()).contains("NumberFormatException");
    }

    @Test
    void saysThatAClassIsNotPublic() throws IOException {
        SourceJar.make(
                jar,
                "module com.example.hello { requires io.chela.api; }",
                hello("").replace("public class", "class"));
        SourceJar.rewrite(
                jar, "module-info.class", "", "META-INF/services/io.chela.api.spi.ModelProvider", NAME + ".Provider");

        assertThat(faultOfFolder()).contains("com.example.hello.Provider", "public");
    }

    @Test
    void saysThatATypeIsNone() throws IOException {
        SourceJar.provider(jar, NAME, "null", "");

        assertThat(faultOfFolder()).contains("type() of com.example.hello.Provider gives no name");
    }

    @Test
    void saysWhatCreateThrewWithoutItsSecrets() throws IOException {
        String leaky = "throw new IllegalStateException(context.settings().required(\"apiKey\"));";
        SourceJar.make(jar, SourceJar.providerModule(NAME), hello("").replace("return null;", leaky));

        assertThatThrownBy(this::create)
                .isInstanceOf(IllegalArgumentException.class)
                .message()
                .contains("'hello' in modules/hello failed (IllegalStateException: ***)")
                .hasLineCount(1);
    }

    @Test
    void saysWhatCreateThrewWithoutTheSecretsOfItsEnvironment() throws IOException {
        String leaky = "throw new java.util.ServiceConfigurationError(context.environment().get(\"OPENAI_API_KEY\"));";
        SourceJar.make(jar, SourceJar.providerModule(NAME), hello("").replace("return null;", leaky));
        var variables = Map.of("OPENAI_API_KEY", "a-key-of-a-dot-env-file");
        var context =
                new ExtensionContext("home", Settings.of(Config.empty()), home, home, ReplyLimits.DEFAULTS, variables);

        assertThatThrownBy(() -> load().model("hello").create(context))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'hello' in modules/hello failed (ServiceConfigurationError: ***)");
    }

    @Test
    void saysThatCreateGaveNothing() throws IOException {
        SourceJar.provider(jar, NAME, "\"hello\"", "");

        assertThatThrownBy(this::create)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'hello' in modules/hello failed (IllegalStateException: it gave null)");
    }

    @Test
    void stopsTheStartAsAMistakeOfTheEntryThatAskedForIt() throws IOException {
        SourceJar.provider(jar, NAME, "\"hello\"", "");
        Path file = Files.writeString(home.resolve("chela.yaml"), """
                agents: { defaults: { model: home/any } }
                models: { providers: { home: { api: hello } } }
                """);
        var wiring = new Wiring(GatewayPair.options(file, home), Map.of(), load());

        assertThatThrownBy(wiring::start)
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("models.providers.home: the extension 'hello' in modules/hello failed");
    }

    @Test
    void namesTheJarThatAJarWithoutAModuleInfoWouldSeeTwice() throws IOException {
        SourceJar.provider(jar, NAME, "\"hello\"", "");
        SourceJar.make(
                folder.resolve("snakeyaml.jar"),
                "module org.yaml.snakeyaml { exports org.yaml.snakeyaml; }",
                "package org.yaml.snakeyaml; public class Yaml {}");
        assertThat(load().model("hello").type()).isEqualTo("hello");
        Path plain = SourceJar.make(
                folder.resolve("plain.jar"), "module plain { exports plain; }", "package plain; public class P {}");
        SourceJar.rewrite(plain, "module-info.class", "");

        assertThat(faultOfFolder())
                .contains("two versions of org.yaml.snakeyaml")
                .contains("take out snakeyaml.jar");
    }

    @Test
    void tellsAllThatIsWrongAtOnce() throws IOException {
        Files.createDirectory(folder);
        Files.createDirectory(modules.resolve("other"));
        Files.writeString(modules.resolve("loose.jar"), "");

        assertThatThrownBy(this::load)
                .message()
                .hasLineCount(3)
                .contains("modules/hello", "modules/other", "modules/loose.jar");
    }
}
