package io.chela.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.chela.api.spi.PemFile;
import io.chela.testkit.PemFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Shares its certificates: keytool takes its time.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsIdentityTest {
    @TempDir
    private Path folder = Path.of("unset");

    private final Map<String, PemFiles> byKind = new TreeMap<>();

    @BeforeAll
    void makeOneOfEachKind(@TempDir Path shared) {
        for (String kind : List.of("RSA", "EC", "Ed25519")) {
            byKind.put(kind, PemFiles.make(shared, kind, "-keyalg", kind));
        }
    }

    private PemFiles of(String kind) {
        return Objects.requireNonNull(byKind.get(kind));
    }

    private static TlsIdentity identity(PemFiles certificate, PemFiles key) {
        return new TlsIdentity(PemFile.certificates(certificate.certificate()), PemFile.privateKey(key.key()));
    }

    @Test
    void readsKeysOfEveryKind() {
        for (PemFiles files : byKind.values()) {
            var identity = identity(files, files);
            assertThat(identity.warning(Instant.now())).isEmpty();
            assertThat(identity.hostName()).contains("localhost");
            assertThat(identity.fingerprint()).matches("[0-9a-f]{64}");
            assertThat(identity).hasToString("TlsIdentity[CN=localhost]");
        }
    }

    @Test
    void refusesAKeyOfAnotherCertificate() {
        for (var other : List.of(of("RSA"), PemFiles.make(folder, "other"))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> identity(of("EC"), other))
                    .withMessage("is not the key of the certificate");
        }
    }

    @Test
    void warnsOfACertificateThatHasExpired() {
        var files = PemFiles.make(folder, "old", "-startdate", "-10d", "-validity", "5");
        assertThat(identity(files, files).warning(Instant.now()))
                .hasValueSatisfying(text -> assertThat(text).startsWith("the certificate expired at "));
    }

    @Test
    void keepsTheOrderOfAChain() throws IOException {
        var one = of("RSA");
        var two = of("EC");
        Path chain = Files.writeString(
                folder.resolve("chain.pem"),
                "a comment\n" + Files.readString(one.certificate()) + Files.readString(two.certificate()));
        var certificates = PemFile.certificates(chain);
        assertThat(certificates).hasSize(2);
        assertThat(certificates.getFirst())
                .isEqualTo(PemFile.certificates(one.certificate()).getFirst());
    }

    @Test
    void saysWhatIsWrongWithAFile() throws IOException {
        var good = of("EC");
        Path none = folder.resolve("none.pem");
        Path pkcs1 = Files.writeString(
                folder.resolve("pkcs1.pem"), "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");
        Path damaged = Files.writeString(folder.resolve("damaged.pem"), """
                -----BEGIN PRIVATE KEY-----
                AAAA
                -----END PRIVATE KEY-----
                -----BEGIN CERTIFICATE-----
                AAAA
                -----END CERTIFICATE-----
                """);
        refuses(() -> PemFile.certificates(none), "does not exist");
        refuses(() -> PemFile.certificates(folder), "cannot be read");
        refuses(() -> PemFile.certificates(good.key()), "holds no certificate (-----BEGIN CERTIFICATE-----)");
        refuses(() -> PemFile.certificates(damaged), "holds a damaged CERTIFICATE");
        refuses(() -> PemFile.privateKey(good.certificate()), "holds no private key (-----BEGIN PRIVATE KEY-----)");
        refuses(
                () -> PemFile.privateKey(pkcs1),
                "holds an RSA PRIVATE KEY, and only an unencrypted PKCS #8 key is read;"
                        + " convert it with: openssl pkcs8 -topk8 -nocrypt");
        refuses(() -> PemFile.privateKey(damaged), "holds a private key that is damaged, or neither EC, RSA nor EdDSA");
    }

    private static void refuses(org.assertj.core.api.ThrowableAssert.ThrowingCallable read, String message) {
        assertThatIllegalArgumentException().isThrownBy(read).withMessage(message);
    }
}
