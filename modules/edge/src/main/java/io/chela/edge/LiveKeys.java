package io.chela.edge;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Gives each handshake the key and certificate that are in force when it begins. Safe for many threads.
///
/// A handshake asks three times: for a name, then for the key and the chain of that name. Names are counted,
/// so that it gets both of one pair, also when another came in between.
final class LiveKeys extends X509ExtendedKeyManager {
    private static final String ALIAS = "server";

    private final Supplier<Optional<TlsIdentity>> inForce;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Pair now;
    private volatile Pair before;

    /// @param number how many there were before
    private record Pair(TlsIdentity identity, int number, X509ExtendedKeyManager keys) {
        String name() {
            return ALIAS + number;
        }
    }

    /// @param inForce present at first; when it is empty later, the last one is shown
    LiveKeys(Supplier<Optional<TlsIdentity>> inForce) {
        this.inForce = inForce;
        this.now = pair(inForce.get().orElseThrow(), 0);
        this.before = now;
    }

    private static Pair pair(TlsIdentity identity, int number) {
        char[] unused = new char[0]; // the store never leaves this method
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, unused);
            store.setKeyEntry(ALIAS, identity.key(), unused, identity.chain().toArray(Certificate[]::new));
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, unused);
            return new Pair(identity, number, (X509ExtendedKeyManager) keys.getKeyManagers()[0]);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("cannot use the certificate: " + e.getMessage(), e);
        }
    }

    private Pair current() {
        TlsIdentity identity = inForce.get().orElse(now.identity());
        if (identity.equals(now.identity())) {
            return now;
        }
        lock.lock();
        try {
            if (!identity.equals(now.identity())) {
                Pair next = pair(identity, now.number() + 1);
                before = now;
                now = next;
            }
            return now;
        } finally {
            lock.unlock();
        }
    }

    private Pair named(String name) {
        Pair last = now;
        return name.equals(last.name()) ? last : before;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
        Pair pair = current();
        return pair.keys().chooseEngineServerAlias(keyType, issuers, engine) == null ? null : pair.name();
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
        Pair pair = current();
        return pair.keys().chooseServerAlias(keyType, issuers, socket) == null ? null : pair.name();
    }

    @Override
    public X509Certificate[] getCertificateChain(String name) {
        return named(name).identity().chain().toArray(X509Certificate[]::new);
    }

    @Override
    public PrivateKey getPrivateKey(String name) {
        return named(name).identity().key();
    }

    @Override
    public String[] getServerAliases(String keyType, Principal[] issuers) {
        return new String[] {current().name()};
    }

    @Override
    public String[] getClientAliases(String keyType, Principal[] issuers) {
        return new String[0];
    }

    @Override
    public @Nullable String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
        return null;
    }
}
