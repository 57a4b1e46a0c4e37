package io.chela.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class PortHolderTest {
    @Test
    void namesTheProcessThatListens() throws Exception {
        boolean canTell = Files.exists(Path.of("/proc/net/tcp"));
        if (!canTell) {
            System.out.println("SKIPPED who has a port: there is no /proc/net/tcp here");
        }
        Assumptions.assumeTrue(canTell);
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(PortHolder.words(socket.getLocalPort()))
                    .isEqualTo("by process " + ProcessHandle.current().pid() + " (java)");
        }
    }

    @Test
    void saysHowToFindOneThatIsNotSeen() {
        assertThat(PortHolder.words(1)).matches("by a process.*; find it with: (sudo ss|lsof) .*");
    }
}
