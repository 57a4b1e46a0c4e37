package io.chela.edge;

import io.helidon.common.tls.Tls;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/// Says to Helidon with whose certificate and in which versions it speaks TLS.
final class TlsListener {
    private static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");

    private TlsListener() {}

    /// @param identity empty: plain HTTP
    static Tls tls(Optional<TlsIdentity> identity) {
        return identity.map(TlsListener::speaking)
                .orElseGet(() -> Tls.builder().enabled(false).build());
    }

    private static Tls speaking(TlsIdentity identity) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(identity).getKeyManagers(), null, null);
            return Tls.builder().sslContext(context).enabledProtocols(VERSIONS).build();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot use the certificate: " + e.getMessage(), e);
        }
    }

    private static KeyManagerFactory keys(TlsIdentity identity) throws GeneralSecurityException, IOException {
        char[] unused = new char[0]; // the store never leaves this method
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, unused);
        store.setKeyEntry("server", identity.key(), unused, identity.chain().toArray(Certificate[]::new));
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, unused);
        return keys;
    }
}
