package io.chela.edge;

import io.chela.api.spi.PemFile;
import io.chela.testkit.PemFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/// What a test's HTTP runs over.
enum Wire {
    PLAIN,
    TLS;

    /// Made once for all tests: keytool takes a second.
    private static final class Certificate {
        static final TlsIdentity IDENTITY = make();

        private static TlsIdentity make() {
            try {
                Path folder = Files.createTempDirectory("edge-tls");
                var files = PemFiles.make(folder, "edge");
                var identity =
                        new TlsIdentity(PemFile.certificates(files.certificate()), PemFile.privateKey(files.key()));
                try (var all = Files.list(folder)) {
                    for (Path file : all.toList()) {
                        Files.delete(file);
                    }
                }
                Files.delete(folder);
                return identity;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    Optional<TlsIdentity> identity() {
        return this == TLS ? Optional.of(Certificate.IDENTITY) : Optional.empty();
    }

    /// Lays TLS, when it is TLS, over a connected socket; the client trusts that one certificate alone.
    Socket over(Socket plain) throws IOException {
        return this == PLAIN ? plain : secure(plain, Certificate.IDENTITY, "TLSv1.3");
    }

    static SSLSocket secure(Socket plain, TlsIdentity trusted, String version) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, new char[0]);
            store.setCertificateEntry("server", trusted.chain().getFirst());
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            var socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true);
            var parameters = socket.getSSLParameters();
            parameters.setProtocols(new String[] {version});
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            return socket;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
