package io.chela.app;

import io.chela.api.spi.PemFile;
import io.chela.api.spi.Settings;
import io.chela.edge.Cors;
import io.chela.edge.EdgeSettings;
import io.chela.edge.TlsIdentity;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/// `gateway.tls`, `gateway.http.cors` and `gateway.http.securityHeaders`: what callers see of the listener.
///
/// @param tls empty: plain HTTP
/// @param strictTransportSecurity the value of that header; empty: no such header
record WebConfig(Optional<Tls> tls, Cors cors, Optional<String> strictTransportSecurity) {
    static final WebConfig PLAIN = new WebConfig(Optional.empty(), Cors.OFF, Optional.empty());

    private static final String MAKE_ONE = "make a certificate with: openssl req -x509 -newkey ec -pkeyopt"
            + " ec_paramgen_curve:prime256v1 -nodes -days 365 -subj /CN=localhost"
            + " -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout key.pem -out cert.pem"
            + " and name the two files in certPath and keyPath";

    /// @param certificate the file that the identity's certificates are from
    record Tls(TlsIdentity identity, Path certificate) {}

    /// Reads the keys below `gateway`; mistakes stay in the settings.
    static WebConfig read(Settings gateway) {
        Settings http = gateway.at("http");
        Optional<String> hsts = http.at("securityHeaders")
                .text("strictTransportSecurity")
                .map(String::strip)
                .filter(value ->
                        !value.isEmpty() && !value.matches("(?i)false|no|off")); // OpenClaw's other way to say none
        if (hsts.filter(value -> value.chars().anyMatch(c -> c < ' ' || c > '~'))
                .isPresent()) {
            http.at("securityHeaders").refuse("strictTransportSecurity", "must be printable ASCII");
            hsts = Optional.empty();
        }
        return new WebConfig(tls(gateway.at("tls")), cors(http.at("cors")), hsts);
    }

    private static Cors cors(Settings cors) {
        try {
            return new Cors(cors.textList("allowedOrigins"));
        } catch (IllegalArgumentException e) {
            cors.refuse("allowedOrigins", String.valueOf(e.getMessage()));
            return Cors.OFF;
        }
    }

    private static Optional<Tls> tls(Settings tls) {
        boolean enabled = tls.flag("enabled", false);
        Optional<Path> certPath = path(tls, "certPath");
        Optional<Path> keyPath = path(tls, "keyPath");
        if (tls.flag("autoGenerate", false)) {
            tls.refuse("autoGenerate", "is not supported; " + MAKE_ONE);
            return Optional.empty();
        }
        if (!enabled) {
            return Optional.empty();
        }
        require(tls, "certPath");
        require(tls, "keyPath");
        var chain = certPath.flatMap(file -> from(tls, "certPath", file, PemFile::certificates));
        var key = keyPath.flatMap(file -> from(tls, "keyPath", file, PemFile::privateKey));
        if (chain.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        return from(tls, "keyPath", keyPath.orElseThrow(), _ -> new TlsIdentity(chain.get(), key.get()))
                .map(identity -> new Tls(identity, certPath.orElseThrow()));
    }

    private static void require(Settings tls, String key) {
        if (tls.text(key).isEmpty()) {
            tls.refuse(key, "is missing; " + MAKE_ONE);
        }
    }

    private static Optional<Path> path(Settings tls, String key) {
        try {
            Optional<Path> path = tls.text(key).map(Path::of);
            if (path.filter(file -> !file.isAbsolute()).isEmpty()) {
                return path;
            }
        } catch (InvalidPathException _) {
            // no path at all is not an absolute one either
        }
        tls.refuse(key, "must be an absolute path");
        return Optional.empty();
    }

    private static <T> Optional<T> from(Settings tls, String key, Path file, Function<Path, T> read) {
        try {
            return Optional.of(read.apply(file));
        } catch (IllegalArgumentException e) {
            tls.refuse(key, file + " " + e.getMessage());
            return Optional.empty();
        }
    }

    /// This one, but with TLS only if another has it.
    WebConfig keeping(WebConfig other) {
        boolean same = tls.isPresent() == other.tls.isPresent();
        return same ? this : new WebConfig(other.tls, cors, strictTransportSecurity);
    }

    EdgeSettings.Web edge() {
        return new EdgeSettings.Web(tls.map(Tls::identity), cors, strictTransportSecurity);
    }
}
