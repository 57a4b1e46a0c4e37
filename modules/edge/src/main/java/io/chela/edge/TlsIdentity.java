package io.chela.edge;

import io.chela.api.spi.PemFile;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Who this server is to a TLS caller: its certificate, those that vouch for it, and its key.
///
/// @param chain the server's own certificate first
/// @param key refused with an [IllegalArgumentException] when it is not the first certificate's
public record TlsIdentity(List<X509Certificate> chain, PrivateKey key) {
    private static final int DNS_NAME = 2; // RFC 5280, 4.2.1.6

    public TlsIdentity {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("there is no certificate");
        }
        if (!PemFile.belongTogether(chain.getFirst(), key)) {
            throw new IllegalArgumentException("is not the key of the certificate");
        }
    }

    /// What is wrong with the certificate's dates, as a sentence without its subject; empty when it is valid.
    public Optional<String> warning(Instant now) {
        Instant from = chain.getFirst().getNotBefore().toInstant();
        Instant to = chain.getFirst().getNotAfter().toInstant();
        if (now.isAfter(to)) {
            return Optional.of("the certificate expired at " + to + "; callers will refuse it");
        }
        return now.isBefore(from) ? Optional.of("the certificate is not valid before " + from) : Optional.empty();
    }

    /// The first host name the certificate is for; empty when it names none, or a wildcard first.
    public Optional<String> hostName() {
        try {
            Collection<List<?>> names = chain.getFirst().getSubjectAlternativeNames();
            return names == null
                    ? Optional.empty()
                    : names.stream()
                            .filter(name -> name.getFirst().equals(DNS_NAME))
                            .map(name -> String.valueOf(name.getLast()))
                            .findFirst()
                            .filter(name -> !name.startsWith("*"));
        } catch (CertificateException _) {
            return Optional.empty();
        }
    }

    /// The SHA-256 of the server's own certificate, in 64 hex digits.
    public String fingerprint() {
        return fingerprint(chain.getFirst());
    }

    /// The SHA-256 of a certificate, in 64 hex digits.
    public static String fingerprint(X509Certificate certificate) {
        try {
            var digest = java.security.MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has SHA-256, and a parsed certificate has its bytes
        }
    }

    /// Says whose it is, and nothing of the key.
    @Override
    public String toString() {
        return "TlsIdentity[" + chain.getFirst().getSubjectX500Principal() + "]";
    }
}
