package io.chela.model.openai;

import io.chela.api.spi.PemFile;
import io.chela.api.spi.Settings;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Whom TLS trusts, who we are to the other side, and which name its certificate has to be for.
///
/// @param own trusts other authorities than the JDK's, or has a certificate of our own; absent for neither
/// @param serverName the name instead of the one that is called
record TlsTerms(Optional<SSLContext> own, Optional<String> serverName) {
    static final TlsTerms USUAL = new TlsTerms(Optional.empty(), Optional.empty());

    private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,252})");
    private static final String[] PROTOCOLS = {"http/1.1"};
    private static final char[] NO_PASSWORD = {};

    private record Pem<T>(String key, T content) {}

    /// Reads a `tls` object; absolute paths of PEM files, or what would be in them.
    static TlsTerms read(Settings tls) {
        Optional<Pem<List<X509Certificate>>> authorities = pem(tls, "ca", PemFile::certificates, PemFile::certificates);
        Optional<Pem<List<X509Certificate>>> chain = pem(tls, "cert", PemFile::certificates, PemFile::certificates);
        Optional<Pem<PrivateKey>> key = pem(tls, "key", PemFile::privateKey, PemFile::privateKey);
        Optional<String> serverName = tls.parsed(
                "serverName",
                Optional.empty(),
                "must be a host name",
                text -> HOST_NAME.matcher(text).matches() ? Optional.of(Optional.of(text)) : Optional.empty());
        refuseWhatIsNotDone(tls);
        if (isThere(tls, "cert") != isThere(tls, "key")) {
            tls.refuse(
                    isThere(tls, "key") ? "certPath" : "keyPath", "is missing: a certificate and its key go together");
        }
        if (chain.isPresent()
                && key.isPresent()
                && !PemFile.belongTogether(
                        chain.get().content().getFirst(), key.get().content())) {
            tls.refuse(key.get().key(), "is not the key of the certificate");
        }
        if (authorities.isEmpty() && (chain.isEmpty() || key.isEmpty())) {
            return new TlsTerms(Optional.empty(), serverName);
        }
        try {
            return new TlsTerms(Optional.of(context(authorities, chain, key)), serverName);
        } catch (GeneralSecurityException | IOException _) {
            tls.refuse(chain.or(() -> authorities).orElseThrow().key(), "holds what TLS cannot use");
            return USUAL;
        }
    }

    private static boolean isThere(Settings tls, String key) {
        return tls.text(key).or(() -> tls.text(key + "Path")).isPresent();
    }

    private static void refuseWhatIsNotDone(Settings tls) {
        if (tls.text("passphrase").isPresent()) {
            tls.refuse("passphrase", "is not supported; store the key without one: openssl pkcs8 -topk8 -nocrypt");
        }
        if (tls.flag("insecureSkipVerify", false)) {
            tls.refuse(
                    "insecureSkipVerify",
                    "true is refused: anybody could then be given the key and the prompts; name the server's own"
                            + " certificate or its authority in caPath, or the name it is for in serverName");
        }
    }

    /// What is below a key, or in the file that the key with `Path` at its end names.
    private static <T> Optional<Pem<T>> pem(
            Settings tls, String key, Function<String, T> ofText, Function<Path, T> ofFile) {
        Optional<String> text = tls.text(key);
        Optional<String> file = tls.text(key + "Path");
        if (text.isPresent() && file.isPresent()) {
            tls.refuse(key + "Path", "and " + key + " exclude each other; leave one out");
            return Optional.empty();
        }
        return text.flatMap(pem -> content(tls, key, "", () -> ofText.apply(pem)))
                .or(() -> file.flatMap(
                        name -> content(tls, key + "Path", name + " ", () -> ofFile.apply(absolute(name)))));
    }

    private static Path absolute(String name) {
        try {
            Path path = Path.of(name);
            if (path.isAbsolute()) {
                return path;
            }
        } catch (InvalidPathException _) {
            // no path at all is not an absolute one either
        }
        throw new IllegalArgumentException("is no absolute path");
    }

    private static <T> Optional<Pem<T>> content(Settings tls, String key, String subject, Supplier<T> read) {
        try {
            return Optional.of(new Pem<>(key, read.get()));
        } catch (IllegalArgumentException e) {
            tls.refuse(key, subject + e.getMessage());
            return Optional.empty();
        }
    }

    private static SSLContext context(
            Optional<Pem<List<X509Certificate>>> authorities,
            Optional<Pem<List<X509Certificate>>> chain,
            Optional<Pem<PrivateKey>> key)
            throws GeneralSecurityException, IOException {
        KeyStore trusted = empty();
        int number = 0;
        for (X509Certificate authority : authorities.map(Pem::content).orElse(List.of())) {
            trusted.setCertificateEntry("ca-" + number++, authority);
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authorities.isPresent() ? trusted : usual());
        KeyStore ours = empty();
        if (chain.isPresent() && key.isPresent()) {
            ours.setKeyEntry(
                    "ours",
                    key.get().content(),
                    NO_PASSWORD,
                    chain.get().content().toArray(X509Certificate[]::new));
        }
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(ours, NO_PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    /// What [TrustManagerFactory#init] takes for the authorities that come with the JDK.
    private static @Nullable KeyStore usual() {
        return null;
    }

    /// Whether anything differs from what holds without an object.
    boolean isParticular() {
        return !equals(USUAL);
    }

    /// Puts TLS on a connection and shakes hands, as the client.
    ///
    /// @param host whom the certificate has to be for, unless these terms name another
    SSLSocket over(Socket connection, String host, int port) throws IOException {
        SSLSocket socket =
                (SSLSocket) context().getSocketFactory().createSocket(connection, serverName.orElse(host), port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setApplicationProtocols(PROTOCOLS);
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private SSLContext context() {
        try {
            return own.isPresent() ? own.get() : SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
