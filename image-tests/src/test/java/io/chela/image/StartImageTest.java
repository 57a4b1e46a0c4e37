package io.chela.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.image.Program.Ended;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a start prints, keeps and refuses.
class StartImageTest {
    private static final String NOBODY = "65534";

    @TempDir
    private Path folder = Path.of("unset");

    private static String mode(Path path) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    /// A start that is refused exits 1 and explains itself on standard error alone, without a stack trace.
    private static String refusal(Program gateway) throws Exception {
        Ended ended = gateway.run();
        assertThat(ended.exit()).as(ended.err()).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).startsWith("chela: ").doesNotContain("Exception", "\tat ");
        return ended.err().strip();
    }

    @Test
    void printsItsBlockAndNothingElse() throws Exception {
        try (Image gateway = Launch.in(folder).start("{}")) {
            List<String> lines = gateway.output().lines().toList();
            assertThat(lines.getFirst()).startsWith("chela gateway ready on http://127.0.0.1:" + gateway.port());
            assertThat(lines).hasSizeLessThanOrEqualTo(8).last().asString().contains("Ctrl-C stops");
            assertThat(lines.subList(1, lines.size())).allMatch(line -> line.startsWith("  "));
            assertThat(gateway.log()).doesNotContainIgnoringCase("warning");
        }
    }

    @Test
    void keepsATokenForItsOwnerAndShowsItOnce() throws Exception {
        Launch launch = Launch.in(folder);
        String token;
        try (Image gateway = launch.start("{}")) {
            token = gateway.token();
            assertThat(token).hasSizeGreaterThan(30);
            assertThat(gateway.output()).containsOnlyOnce(token);
            assertThat(gateway.log()).doesNotContain(token);
            assertThat(mode(gateway.stateFolder())).isEqualTo("rwx------");
            assertThat(mode(gateway.stateFolder().resolve("token"))).isEqualTo("rw-------");
            assertThat(gateway.stop()).isZero();
        }
        try (Image again = launch.start("{}")) {
            assertThat(again.token()).isEqualTo(token);
            assertThat(again.output() + again.log()).doesNotContain(token);
        }
    }

    @Test
    void answersOnBothLoopbackAddresses() throws Exception {
        Machine.needs(Files.exists(Path.of("/proc/net/if_inet6")), "this machine has no IPv6");
        try (Image gateway = Launch.in(folder).start("{}");
                var caller = gateway.caller()) {
            for (String host : List.of("127.0.0.1", "[::1]")) {
                assertThat(caller.get(host, "/healthz").body()).contains("\"ok\":true");
                assertThat(caller.get(host, "/readyz").statusCode()).isEqualTo(200);
            }
        }
    }

    @Test
    void refusesAFolderThatAnotherGatewayHas() throws Exception {
        Launch launch = Launch.in(folder);
        try (Image first = launch.start("{}")) {
            assertThat(refusal(launch.gateway("{}")))
                    .contains("process " + first.pid())
                    .contains(first.stateFolder().toString())
                    .hasLineCount(1);
        }
    }

    @Test
    void startsAgainWhereAGatewayWasKilled() throws Exception {
        Launch launch = Launch.in(folder);
        launch.start("{}").close();
        try (Image again = launch.start("{}")) {
            assertThat(again.stop()).isZero();
        }
    }

    @Test
    void namesAPortThatIsInUseAndByWhomAndMakesNoTokenThatNobodySaw() throws Exception {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(other.getLocalPort());
            assertThat(refusal(Launch.in(folder).options("--port", port).gateway("{}")))
                    .contains("port " + port + " on 127.0.0.1 is in use by ")
                    .contains(
                            Files.exists(Path.of("/proc/net/tcp"))
                                    ? "by process " + ProcessHandle.current().pid() + " (java)"
                                    : "find it with: ")
                    .hasLineCount(1);
        }
        assertThat(folder.resolve("state/token")).doesNotExist();
    }

    @Test
    void refusesAConfigurationThatIsNoYaml() throws Exception {
        assertThat(refusal(Launch.in(folder).gateway("gateway: { port: [\n  agents: }")))
                .contains(folder.resolve("gateway.yaml").toString())
                .contains("YAML")
                .contains("line");
    }

    @Test
    void namesEveryMistakeByItsPath() throws Exception {
        String said = refusal(Launch.in(folder).gateway("""
                gateway: { port: 99999, prot: 1, auth: { token: "${CHELA_TEST_UNSET}" } }
                agents: { list: [ { id: main, instruction: x } ] }
                unheard: { of: 1 }
                """));
        List<String> mistakes = said.lines().skip(1).map(String::strip).toList();
        assertThat(mistakes)
                .extracting(line -> line.replaceFirst(":.*", ""))
                .contains("gateway.port", "gateway.prot", "gateway.auth.token", "agents.list[0].instruction", "unheard")
                .doesNotContain("gateway.auth", "agents.list");
        assertThat(said).contains("CHELA_TEST_UNSET");
    }

    @Test
    void takesASecretFromTheEnvironment() throws Exception {
        String config = "gateway: { auth: { token: \"${CHELA_TEST_TOKEN}\" } }";
        try (Image gateway = Launch.in(folder)
                .with("CHELA_TEST_TOKEN", "s3cret-of-the-environment")
                .start(config)) {
            assertThat(gateway.output() + gateway.log()).doesNotContain("s3cret-of-the-environment");
            assertThat(gateway.stateFolder().resolve("token")).doesNotExist();
        }
    }

    @Test
    void namesAFileThatIsNotThere() throws Exception {
        Path nowhere = folder.resolve("nowhere.yaml");
        assertThat(refusal(Launch.in(folder).chela("gateway", "--config", nowhere.toString())))
                .contains(nowhere.toString())
                .hasLineCount(1);
    }

    @Test
    void saysInOneSentenceThatItsFileMayNotBeRead() throws Exception {
        Path file = Files.writeString(folder.resolve("openclaw.json"), "{}");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        Launch launch = Launch.in(folder);
        if (Machine.isRoot()) {
            Machine.needs(Files.isExecutable(Path.of("/usr/bin/setpriv")), "root without setpriv can read everything");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            launch = launch.behind("setpriv", "--reuid=" + NOBODY, "--clear-groups");
        }
        assertThat(refusal(launch.chela("gateway", "--config", file.toString())))
                .contains(file + " cannot be read: permission denied")
                .hasLineCount(1);
    }

    @Test
    void saysInOneSentenceThatItsStateFolderCannotBeWritten() throws Exception {
        Path state = Files.createDirectory(folder.resolve("not mine")).resolve("state");
        Launch launch = Launch.in(folder);
        if (Machine.isRoot()) {
            Machine.needs(Files.isExecutable(Path.of("/usr/bin/setpriv")), "root without setpriv can write everywhere");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            launch = launch.behind("setpriv", "--reuid=" + NOBODY, "--clear-groups");
        } else {
            Files.setPosixFilePermissions(state.getParent(), PosixFilePermissions.fromString("r-xr-xr-x"));
        }
        assertThat(refusal(launch.chela("gateway", "--port", "0", "--state-dir", state.toString())))
                .contains(state.toString())
                .contains("permission denied")
                .hasLineCount(1);
    }
}
