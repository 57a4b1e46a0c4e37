package io.chela.app;

import io.chela.api.ModelRef;
import io.chela.api.spi.Models;
import io.chela.app.models.ModelSearch;
import io.chela.app.models.Starters;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds the models that agents may ask and nobody provides.
final class UnknownModels {
    private UnknownModels() {}

    /// A mistake for each, at the key where it is named first.
    ///
    /// @param made the models of each provider; of one with a mistake there are none, and no more is said
    static List<String> of(GatewayConfig config, Map<String, Models> made) {
        return config.models()
                .distinct()
                .filter(model -> made.containsKey(model.provider()) || !isConfigured(model.provider(), config))
                .flatMap(model -> reason(model, made)
                        .map(reason -> config.named().getOrDefault(model, "agents") + ": nobody provides the model '"
                                + model + "': " + reason)
                        .stream())
                .toList();
    }

    private static boolean isConfigured(String provider, GatewayConfig config) {
        return config.providers().containsKey(provider)
                || (provider.equals(Starters.PROVIDER) && config.starter().isPresent());
    }

    private static Optional<String> reason(ModelRef ref, Map<String, Models> made) {
        Models models = made.get(ref.provider());
        if (models == null) {
            return Optional.of(noProvider(ref.provider(), made.keySet()));
        }
        try {
            var _ = models.model(ref.model());
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /// Says that there is no provider of a name, and the way out.
    static String noProvider(String name, Collection<String> here) {
        String wayOut = name.equals(Starters.PROVIDER)
                ? "name the starter in models.starter"
                : (name.equals(ModelSearch.OPENAI) ? "set OPENAI_API_KEY, or " : "") + "add models.providers." + name
                        + ": {api, baseUrl, apiKey}";
        return "there is no model provider '" + name + "', only " + String.join(", ", here) + "; " + wayOut;
    }
}
