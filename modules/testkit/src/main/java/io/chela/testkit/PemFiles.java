package io.chela.testkit;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// A self-signed certificate for `localhost` and 127.0.0.1 and its key, in PEM files, made by `keytool`.
public record PemFiles(Path certificate, Path key) {
    /// Makes `<name>.crt` and `<name>.key` in the folder.
    ///
    /// @param options more for `keytool -genkeypair`, such as `-keyalg`, `RSA`
    public static PemFiles make(Path folder, String name, String... options) {
        List<String> all = new ArrayList<>(List.of("-ext", "SAN=dns:localhost,ip:127.0.0.1"));
        Collections.addAll(all, options);
        var store = new KeytoolStore(folder.resolve(name + ".p12"));
        store.generate("it", "CN=localhost", all);
        return store.pem("it", name);
    }
}
