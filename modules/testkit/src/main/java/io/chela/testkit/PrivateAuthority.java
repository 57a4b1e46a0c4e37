package io.chela.testkit;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A certificate authority that nobody knows, and what it signs.
///
/// @param certificate its own, in PEM
public record PrivateAuthority(Path folder, Path certificate) {
    private static final String CA = "ca";

    /// Makes one in the folder.
    public static PrivateAuthority make(Path folder) {
        KeytoolStore store = store(folder);
        store.generate(CA, "CN=A private authority", List.of("-ext", "bc:c"));
        return new PrivateAuthority(folder, store.pem(CA, "authority").certificate());
    }

    private static KeytoolStore store(Path folder) {
        return new KeytoolStore(folder.resolve("authority.p12"));
    }

    /// A certificate that it signs, and the key.
    ///
    /// @param name for `CN`, and of the files
    /// @param alternative a subject alternative name as `keytool` has it, such as `dns:localhost`
    public PemFiles issue(String name, String alternative) {
        store(folder).generate(name, "CN=" + name, List.of("-signer", CA, "-ext", "SAN=" + alternative));
        return store(folder).pem(name, name);
    }

    /// The identity of a server with a certificate that was issued by this name; callers it knows by the same
    /// authority.
    public SSLContext server(String name) {
        try {
            var identity = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            identity.init(store(folder).identity(name), KeytoolStore.password());
            var callers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            callers.init(store(folder).trusting(CA));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(identity.getKeyManagers(), callers.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
