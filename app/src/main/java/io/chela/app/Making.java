package io.chela.app;

import io.chela.api.spi.ExtensionContext;
import io.chela.api.spi.Model;
import io.chela.api.spi.Models;
import io.chela.app.models.Catalogue;
import io.chela.app.models.ProviderEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// How models come about.
sealed interface Making {
    /// Makes those of an entry.
    ///
    /// @param api the type of its extension
    /// @throws IllegalArgumentException with what is wrong with it, a line each
    Models of(String api, ExtensionContext context);

    /// Makes the starter.
    ///
    /// @throws IllegalArgumentException when there is none of that name; the message says which there are
    Models starter(String name, Map<String, String> environment);

    /// For a gateway.
    record Running(Extensions extensions, Catalogue catalogue, Path stateFolder) implements Making {
        @Override
        public Models of(String api, ExtensionContext context) {
            return extensions.model(api).create(context);
        }

        @Override
        public Models starter(String name, Map<String, String> environment) {
            return new StarterModels(extensions, catalogue, environment, stateFolder).start(name);
        }
    }

    /// To find mistakes: the same, but nothing is fetched, and no process is started for a model file.
    record Rehearsing(Extensions extensions, Catalogue catalogue) implements Making {
        @Override
        public Models of(String api, ExtensionContext context) {
            if (!api.equals(ProviderEntry.FILES)) {
                return extensions.model(api).create(context);
            }
            extensions.model(api).read(context);
            return new Named(context.settings().list("models").stream()
                    .map(model -> model.required("id"))
                    .toList());
        }

        @Override
        public Models starter(String name, Map<String, String> environment) {
            return new Named(List.of(catalogue.entry(name).name()));
        }
    }

    /// Models that are there by their names alone.
    record Named(List<String> ids) implements Models {
        @Override
        public Model model(String id) {
            if (!ids.contains(id)) {
                throw new IllegalArgumentException("there is no model '" + id + "', only " + String.join(", ", ids));
            }
            return _ -> {
                throw new UnsupportedOperationException("it is there by its name alone");
            };
        }

        @Override
        public String destination() {
            return "nowhere";
        }
    }
}
