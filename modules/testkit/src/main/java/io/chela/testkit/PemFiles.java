package io.chela.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A self-signed certificate for `localhost` and 127.0.0.1 and its key, in PEM files, made by `keytool`.
public record PemFiles(Path certificate, Path key) {
    private static final int KEYTOOL_SECONDS = 60;
    private static final String PASSWORD = "changeit";

    /// Makes `<name>.crt` and `<name>.key` in the folder.
    ///
    /// @param options more for `keytool -genkeypair`, such as `-keyalg`, `RSA`
    public static PemFiles make(Path folder, String name, String... options) {
        Path store = folder.resolve(name + ".p12");
        keytool(store, List.of(options));
        try (var in = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, PASSWORD.toCharArray());
            return new PemFiles(
                    write(
                            folder.resolve(name + ".crt"),
                            "CERTIFICATE",
                            keys.getCertificate("it").getEncoded()),
                    write(
                            folder.resolve(name + ".key"),
                            "PRIVATE KEY",
                            keys.getKey("it", PASSWORD.toCharArray()).getEncoded()));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void keytool(Path store, List<String> options) {
        String program =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> command =
                new ArrayList<>(List.of(program, "-genkeypair", "-alias", "it", "-dname", "CN=localhost"));
        Collections.addAll(command, "-keystore", store.toString(), "-storepass", PASSWORD);
        Collections.addAll(command, "-ext", "SAN=dns:localhost,ip:127.0.0.1");
        if (!options.contains("-keyalg")) {
            Collections.addAll(command, "-keyalg", "EC", "-groupname", "secp256r1");
        }
        command.addAll(options);
        try {
            Process keytool =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(keytool.getInputStream().readAllBytes(), US_ASCII);
            if (!keytool.waitFor(KEYTOOL_SECONDS, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IllegalStateException("keytool failed: " + said);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Path write(Path file, String label, byte[] bytes) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return Files.writeString(file, "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n");
    }
}
