package io.chela.api.spi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// Reads what PEM files hold, for everything that speaks TLS.
///
/// Each refusal is an [IllegalArgumentException] whose message continues a path, such as `cannot be read`.
///
/// Source: RFC 7468, 5 (certificates) and 10 (PKCS #8).
public final class PemFile {
    private static final long MAX_BYTES = 1024 * 1024;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
    private static final List<String> KEY_KINDS = List.of("EC", "RSA", "EdDSA");

    private static final int NONCE_BYTES = 32;

    private PemFile() {}

    private record Block(String label, String base64) {
        byte[] bytes() {
            try {
                return Base64.getMimeDecoder().decode(base64);
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("holds a damaged " + label, e);
            }
        }
    }

    /// The certificates in the order of the file; at least one.
    public static List<X509Certificate> certificates(Path file) {
        return certificates(text(file));
    }

    /// The certificates in a file's text.
    public static List<X509Certificate> certificates(String pem) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (Block block : blocks(pem)) {
            if (block.label().equals("CERTIFICATE")) {
                certificates.add(certificate(block.bytes()));
            }
        }
        if (certificates.isEmpty()) {
            throw new IllegalArgumentException("holds no certificate (-----BEGIN CERTIFICATE-----)");
        }
        return List.copyOf(certificates);
    }

    private static X509Certificate certificate(byte[] encoded) {
        try {
            var parsed = CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
            return (X509Certificate) parsed;
        } catch (CertificateException e) {
            throw new IllegalArgumentException("holds a damaged CERTIFICATE", e);
        }
    }

    /// The private key, of any kind that TLS knows; PKCS #8 without a password.
    public static PrivateKey privateKey(Path file) {
        return privateKey(text(file));
    }

    /// The private key in a file's text.
    public static PrivateKey privateKey(String pem) {
        List<Block> keys = blocks(pem).stream()
                .filter(block -> block.label().endsWith("PRIVATE KEY"))
                .toList();
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("holds no private key (-----BEGIN PRIVATE KEY-----)");
        }
        Block key = keys.getFirst();
        if (!key.label().equals("PRIVATE KEY")) {
            throw new IllegalArgumentException("holds an " + key.label()
                    + ", and only an unencrypted PKCS #8 key is read; convert it with: openssl pkcs8 -topk8 -nocrypt");
        }
        return parse(key.bytes());
    }

    private static PrivateKey parse(byte[] encoded) {
        for (String kind : KEY_KINDS) {
            try {
                return KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException _) {
                // perhaps of the next kind
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e); // every JDK has the three kinds
            }
        }
        throw new IllegalArgumentException("holds a private key that is damaged, or neither EC, RSA nor EdDSA");
    }

    /// Tells whether a key is the one of a certificate, of whatever kind.
    public static boolean belongTogether(X509Certificate certificate, PrivateKey key) {
        // What one signs the other verifies.
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        try {
            var signature = Signature.getInstance(algorithm(key));
            signature.initSign(key);
            signature.update(nonce);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(nonce);
            return signature.verify(signed);
        } catch (GeneralSecurityException _) {
            return false; // keys of two kinds
        }
    }

    private static String algorithm(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
    }

    private static List<Block> blocks(String pem) {
        return BLOCK.matcher(pem)
                .results()
                .map(found -> new Block(found.group(1), found.group(2)))
                .toList();
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw new IllegalArgumentException("is larger than " + MAX_BYTES + " bytes");
            }
            return Files.readString(file, ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("does not exist", e);
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be read", e);
        }
    }
}
