package io.chela.app;

import io.chela.api.spi.Extension;
import io.chela.api.spi.ExtensionContext;
import io.chela.api.spi.ModelProvider;
import io.chela.api.spi.Models;
import io.chela.api.spi.SessionStore;
import io.chela.api.spi.Settings;
import io.chela.api.spi.StoreProvider;
import io.chela.edge.Feature;
import io.chela.edge.FeatureProvider;
import io.chela.edge.LiveGateway;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.function.Supplier;

/// Calls extensions, and says whose fault it is when one throws what its contract does not have: as a mistake
/// of the configuration that asks for it, like those that the contract does have.
final class Guards {
    private Guards() {}

    /// @param where the extension's folder, for people
    static ModelProvider model(ModelProvider provider, String where) {
        String type = type(provider);
        return new ModelProvider() {
            @Override
            public String type() {
                return type;
            }

            @Override
            public Models create(ExtensionContext context) {
                return call(this, where, () -> secrets(context), () -> provider.create(context));
            }

            @Override
            public void read(ExtensionContext context) {
                var _ = call(this, where, () -> secrets(context), () -> {
                    provider.read(context);
                    return type;
                });
            }
        };
    }

    static StoreProvider store(StoreProvider provider, String where) {
        String type = type(provider);
        return new StoreProvider() {
            @Override
            public String type() {
                return type;
            }

            @Override
            public SessionStore open(ExtensionContext context) {
                return call(this, where, () -> secrets(context), () -> provider.open(context));
            }
        };
    }

    /// One that throws ends the start: no key of the configuration asks for it.
    static FeatureProvider door(FeatureProvider provider, String where) {
        String type = type(provider);
        return new FeatureProvider() {
            @Override
            public String type() {
                return type;
            }

            @Override
            public Record read(Settings configuration) {
                return ending(() -> call(this, where, Guards::secrets, () -> provider.read(configuration)));
            }

            @Override
            public Feature open(LiveGateway live) {
                return ending(() -> call(this, where, Guards::secrets, () -> provider.open(live)));
            }

            private <T> T ending(Supplier<T> call) {
                try {
                    return call.get();
                } catch (IllegalArgumentException e) {
                    throw UsageException.failed("chela: " + e.getMessage());
                }
            }
        };
    }

    private static String type(Extension provider) {
        String type = provider.type();
        if (type == null || type.isBlank()) {
            throw new IllegalStateException("type() of " + provider.getClass().getName() + " gives no name");
        }
        return type;
    }

    private static Masking secrets(ExtensionContext context) {
        return secrets(context.settings().values(), context.environment());
    }

    /// For a door, which is given no variables.
    private static Masking secrets() {
        return secrets(Map.of(), System.getenv());
    }

    private static Masking secrets(Map<String, String> values, Map<String, String> environment) {
        Masking masking = Masking.nothing();
        ConfigSecrets.hide(values, environment, masking);
        return masking;
    }

    /// @param secrets of what the extension was given, which its message might repeat
    private static <T> T call(Extension extension, String where, Supplier<Masking> secrets, Supplier<T> call) {
        try {
            T made = call.get();
            if (made == null) {
                throw new IllegalStateException("it gave null");
            }
            return made;
        } catch (UsageException e) {
            throw e;
        } catch (RuntimeException | LinkageError | ServiceConfigurationError e) {
            if (e instanceof IllegalArgumentException mistake && mistake.getMessage() != null) {
                throw mistake;
            }
            throw new IllegalArgumentException("the extension '" + extension.type() + "' in " + where + " failed ("
                    + LoadFailure.thrown(e, secrets.get()) + "); take another version of it, or do without it");
        }
    }
}
