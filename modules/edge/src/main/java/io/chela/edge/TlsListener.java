package io.chela.edge;

import io.helidon.common.tls.Tls;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;

/// Says to Helidon with whose certificate and in which versions it speaks TLS.
final class TlsListener {
    /// Plain HTTP.
    static final Tls SILENT = Tls.builder().enabled(false).build();

    private static final List<String> VERSIONS = List.of("TLSv1.3", "TLSv1.2");

    private TlsListener() {}

    /// Shows the certificate of the gateway in force, which must have one, to each new connection.
    static Tls speaking(LiveGateway live) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            var keys = new LiveKeys(() -> live.now().edge().web().tls());
            context.init(new KeyManager[] {keys}, null, null);
            return Tls.builder().sslContext(context).enabledProtocols(VERSIONS).build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot use the certificate: " + e.getMessage(), e);
        }
    }
}
