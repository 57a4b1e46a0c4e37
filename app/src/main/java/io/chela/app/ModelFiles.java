package io.chela.app;

import io.chela.api.ModelRef;
import io.chela.api.spi.Settings;
import io.chela.app.models.GgufFile;
import io.chela.app.models.ProviderEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Looks at the files of models before anybody runs them.
///
/// @param written the providers that have an entry in the configuration's file
/// @param folder that a file's name is relative to
record ModelFiles(GatewayConfig config, Set<String> written, Path folder) {
    /// A warning for each file that cannot answer: a gateway starts, but its model fails. It begins with the key of the
    /// file, or of the model where nobody wrote the file.
    ///
    /// @param sound the providers whose entries have no mistake
    List<String> warnings(Set<String> sound) {
        List<String> warnings = new ArrayList<>();
        config.providers().forEach((id, provider) -> {
            if (sound.contains(id) && provider.api().equals(ProviderEntry.FILES)) {
                Settings.of(provider.config())
                        .list("models")
                        .forEach(model -> warning(id, model).ifPresent(warnings::add));
            }
        });
        return warnings;
    }

    private Optional<String> warning(String provider, Settings model) {
        var ref = new ModelRef(provider, model.required("id"));
        String key =
                written.contains(provider) ? model.path("file") : config.named().getOrDefault(ref, "agents");
        return fault(folder.resolve(model.required("file")))
                .map(fault -> key + ": " + fault + "; a gateway starts, and its model " + ref + " fails");
    }

    private static Optional<String> fault(Path file) {
        return switch (GgufFile.read(file)) {
            case GgufFile.Sound _ -> Optional.empty();
            case GgufFile.Other(var what) -> Optional.of(file + " " + what);
            case GgufFile.Unsound(var why) -> Optional.of(file + " " + why);
        };
    }
}
