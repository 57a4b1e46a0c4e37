package io.chela.testkit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Keys and their certificates, made by `keytool` in a file.
record KeytoolStore(Path file) {
    private static final int KEYTOOL_SECONDS = 60;
    private static final String PASSWORD = "changeit";

    /// Makes a key pair and its certificate, which takes a second.
    ///
    /// @param subject such as `CN=localhost`
    /// @param options more for `keytool -genkeypair`
    void generate(String alias, String subject, List<String> options) {
        String program =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> command = new ArrayList<>(List.of(program, "-genkeypair", "-alias", alias, "-dname", subject));
        Collections.addAll(command, "-keystore", file.toString(), "-storepass", PASSWORD);
        Collections.addAll(command, "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"); // it is over in a moment
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

    static char[] password() {
        return PASSWORD.toCharArray();
    }

    /// A key with those who vouch for it, alone in a store with the same password.
    KeyStore identity(String alias) throws IOException, GeneralSecurityException {
        KeyStore all = read();
        KeyStore one = empty();
        one.setKeyEntry(alias, key(all, alias), password(), all.getCertificateChain(alias));
        return one;
    }

    /// A store that trusts one certificate.
    KeyStore trusting(String alias) throws IOException, GeneralSecurityException {
        KeyStore one = empty();
        one.setCertificateEntry(alias, read().getCertificate(alias));
        return one;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, password());
        return store;
    }

    private KeyStore read() throws IOException, GeneralSecurityException {
        try (var in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password());
            return store;
        }
    }

    private static Key key(KeyStore store, String alias) throws GeneralSecurityException {
        return store.getKey(alias, password());
    }

    /// Writes `<name>.crt`, with the whole chain, and `<name>.key` beside the store.
    PemFiles pem(String alias, String name) {
        try {
            KeyStore store = read();
            StringBuilder chain = new StringBuilder();
            for (Certificate certificate : store.getCertificateChain(alias)) {
                chain.append(block("CERTIFICATE", certificate.getEncoded()));
            }
            return new PemFiles(
                    Files.writeString(file.resolveSibling(name + ".crt"), chain),
                    Files.writeString(
                            file.resolveSibling(name + ".key"),
                            block("PRIVATE KEY", key(store, alias).getEncoded())));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String block(String label, byte[] bytes) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + label + "-----\n" + base64 + "\n-----END " + label + "-----\n";
    }
}
