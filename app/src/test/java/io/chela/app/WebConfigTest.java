package io.chela.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.chela.api.spi.Settings;
import io.chela.testkit.PemFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebConfigTest {
    @TempDir
    private Path folder = Path.of("unset");

    private record Read(WebConfig config, List<String> mistakes) {}

    private Read read(String gateway) throws IOException {
        ConfigFile file =
                ConfigFile.read(Files.writeString(folder.resolve("c.yaml"), "gateway: " + gateway), Map.of(), folder);
        Settings settings = Settings.of(file.config());
        WebConfig config = WebConfig.read(settings.at("gateway"));
        return new Read(config, settings.mistakes());
    }

    private Read tls(Path certPath, Path keyPath) throws IOException {
        return read("{ tls: { enabled: true, certPath: \"" + certPath + "\", keyPath: \"" + keyPath + "\" } }");
    }

    @Test
    void isPlainWhenNothingIsSaid() throws IOException {
        Read read = read("{}");
        assertThat(read.mistakes()).isEmpty();
        assertThat(read.config()).isEqualTo(WebConfig.PLAIN);
    }

    @Test
    void readsACertificateAndItsKey() throws IOException {
        var files = PemFiles.make(folder, "it");
        Read read = tls(files.certificate(), files.key());
        assertThat(read.mistakes()).isEmpty();
        assertThat(read.config().tls().orElseThrow().certificate()).isEqualTo(files.certificate());
    }

    @Test
    void leavesTheFilesAloneWhileTlsIsOff() throws IOException {
        Read read = read("{ tls: { enabled: false, certPath: /no/such.pem, keyPath: /no/such.key } }");
        assertThat(read.mistakes()).isEmpty();
        assertThat(read.config().tls()).isEmpty();
    }

    @Test
    void namesTheKeyAndTheFileOfAMistake() throws IOException {
        var one = PemFiles.make(folder, "one");
        var two = PemFiles.make(folder, "two");
        assertThat(tls(one.certificate(), two.key()).mistakes())
                .containsExactly("gateway.tls.keyPath: " + two.key() + " is not the key of the certificate");
        Path none = folder.resolve("none.pem");
        assertThat(tls(none, none).mistakes())
                .containsExactly(
                        "gateway.tls.certPath: " + none + " does not exist",
                        "gateway.tls.keyPath: " + none + " does not exist");
        assertThat(tls(Path.of("cert.pem"), one.key()).mistakes())
                .containsExactly("gateway.tls.certPath: must be an absolute path");
    }

    @Test
    void saysHowToMakeACertificateWhereNoneIsNamed() throws IOException {
        assertThat(read("{ tls: { enabled: true } }").mistakes())
                .hasSize(2)
                .allMatch(mistake -> mistake.contains("is missing; make a certificate with: openssl req"));
        assertThat(read("{ tls: { enabled: true, autoGenerate: true } }").mistakes())
                .singleElement()
                .asString()
                .startsWith("gateway.tls.autoGenerate: is not supported; make a certificate with: openssl req");
    }

    @Test
    void readsTheOriginsThatMayCall() throws IOException {
        Read read = read("{ http: { cors: { allowedOrigins: [ \"https://chat.example.com\" ] } } }");
        assertThat(read.mistakes()).isEmpty();
        assertThat(read.config().cors().allowedOrigins()).containsExactly("https://chat.example.com");
        assertThat(read("{ http: { cors: { allowedOrigins: [ \"*\", \"https://a\" ] } } }")
                        .mistakes())
                .containsExactly("gateway.http.cors.allowedOrigins: must not name origins beside *");
        assertThat(read("{ http: { cors: { allowedOrigins: [ \"https://a/b\" ] } } }")
                        .mistakes())
                .singleElement()
                .asString()
                .startsWith("gateway.http.cors.allowedOrigins: must hold origins such as ");
    }

    @Test
    void readsStrictTransportSecurity() throws IOException {
        assertThat(read("{ http: { securityHeaders: { strictTransportSecurity: \"max-age=60\" } } }")
                        .config()
                        .strictTransportSecurity())
                .contains("max-age=60");
        for (String none : new String[] {"\"\"", "\" \"", "false"}) {
            Read read = read("{ http: { securityHeaders: { strictTransportSecurity: " + none + " } } }");
            assertThat(read.mistakes()).isEmpty();
            assertThat(read.config().strictTransportSecurity()).isEmpty();
        }
        assertThat(read("{ http: { securityHeaders: { strictTransportSecurity: \"a\\r\\nb: c\" } } }")
                        .mistakes())
                .containsExactly("gateway.http.securityHeaders.strictTransportSecurity: must be printable ASCII");
    }
}
