package io.chela.app;

import io.chela.api.ModelRef;
import io.chela.app.models.Catalogue;
import io.chela.app.models.Finding;
import io.chela.app.models.ModelSearch;
import io.chela.app.models.ProviderEntry;
import io.chela.app.models.Starters;
import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/// Which model answers: what the configuration says, completed by what everybody has and by what was found.
///
/// @param config with the providers that were added, and without the fallbacks that nobody provides
/// @param warnings one for each fallback that was left out
/// @param finding what was found, when no model is configured
/// @param question what was looked for
/// @param basis what the finding came from besides; see [ModelSearch#basis]
record ModelChoice(
        GatewayConfig config,
        List<String> warnings,
        Optional<Finding> finding,
        Optional<ModelSearch.Question> question,
        List<Object> basis) {
    private static final System.Logger LOG = System.getLogger(ModelChoice.class.getName());

    /// What the configuration says, and no more.
    static ModelChoice configured(GatewayConfig config) {
        return new ModelChoice(config, List.of(), Optional.empty(), Optional.empty(), List.of());
    }

    /// Looks for a model where none is configured.
    ///
    /// @param before what was chosen before; a search for the same is not repeated
    /// @param runsFiles whether there is an extension that runs model files
    /// @throws IllegalArgumentException when a variable is wrong; the message names it
    static ModelChoice make(
            GatewayConfig config,
            ModelSearch search,
            Catalogue catalogue,
            boolean runsFiles,
            Optional<ModelChoice> before) {
        if (!config.searches()) {
            return withoutStrangers(config.with(wellKnown(config, search), Optional.empty()));
        }
        var question = new ModelSearch.Question(
                config.starter().flatMap(name -> starter(name, catalogue)),
                config.providers().keySet(),
                config.port(),
                runsFiles,
                config.agents().getFirst().model());
        Finding finding = before.filter(choice -> choice.question().equals(Optional.of(question)))
                .flatMap(choice -> choice.finding()
                        .filter(found -> search.basis(found.source()).equals(choice.basis())))
                .orElseGet(() -> search.find(question));
        Map<String, GatewayConfig.Provider> added = new LinkedHashMap<>();
        finding.entry().ifPresent(entry -> added.put(entry.id(), provider(entry)));
        return new ModelChoice(
                config.with(added, Optional.of(finding.model())),
                List.of(),
                Optional.of(finding),
                Optional.of(question),
                search.basis(finding.source()));
    }

    /// Leaves out the fallbacks of providers that are not here: their file may be from a place where they were, and
    /// the agents can answer.
    private static ModelChoice withoutStrangers(GatewayConfig config) {
        Set<String> here = new TreeSet<>(config.providers().keySet());
        here.add(GatewayConfig.OFFLINE.provider());
        config.starter().ifPresent(_ -> here.add(Starters.PROVIDER));
        List<String> warnings = config.agents().stream()
                .flatMap(agent -> agent.fallbacks().stream())
                .filter(fallback -> !here.contains(fallback.provider()))
                .distinct()
                .map(fallback -> config.named().getOrDefault(fallback, "agents") + ": the fallback '" + fallback
                        + "' is left out, since " + UnknownModels.noProvider(fallback.provider(), here))
                .toList();
        return new ModelChoice(
                config.withFallbacks(fallback -> here.contains(fallback.provider())),
                warnings,
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    /// The same, with the place of each warning.
    ModelChoice placed(UnaryOperator<String> place) {
        return new ModelChoice(config, warnings.stream().map(place).toList(), finding, question, basis);
    }

    /// Tells the log what was found, if something was, and what was left out.
    void log() {
        warnings.forEach(warning -> LOG.log(Level.WARNING, warning));
        finding.ifPresent(found -> {
            if (!found.model().equals(GatewayConfig.OFFLINE)) {
                LOG.log(Level.INFO, "no model is configured: " + found.model() + " answers (" + found.how() + ")");
            }
            found.notes().forEach(note -> LOG.log(Level.INFO, note));
        });
    }

    /// A name that the catalogue does not have is refused by who fetches it.
    private static Optional<ModelSearch.Starter> starter(String name, Catalogue catalogue) {
        return Optional.of(new ModelSearch.Starter(
                new ModelRef(Starters.PROVIDER, name),
                catalogue.entries().stream()
                        .filter(entry -> entry.name().equals(name))
                        .map(entry -> entry.file().file())
                        .findFirst()
                        .orElse("")));
    }

    /// The providers that agents name and nobody configured.
    private static Map<String, GatewayConfig.Provider> wellKnown(GatewayConfig config, ModelSearch search) {
        Map<String, Set<String>> wanted = new LinkedHashMap<>();
        config.models()
                .filter(model -> !config.providers().containsKey(model.provider()))
                .forEach(model -> wanted.computeIfAbsent(model.provider(), _ -> new TreeSet<>())
                        .add(model.model()));
        Map<String, GatewayConfig.Provider> added = new LinkedHashMap<>();
        wanted.forEach((id, models) -> search.wellKnown(id, models).ifPresent(entry -> added.put(id, provider(entry))));
        return added;
    }

    private static GatewayConfig.Provider provider(ProviderEntry entry) {
        return new GatewayConfig.Provider(entry.api(), entry.config());
    }
}
