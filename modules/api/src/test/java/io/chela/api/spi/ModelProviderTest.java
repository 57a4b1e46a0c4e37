package io.chela.api.spi;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.config.Config;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelProviderTest {
    @Test
    void readsAnEntryByMakingItsModelsAndClosingThemUnlessItSaysOtherwise() {
        List<String> done = new ArrayList<>();
        var provider = new ModelProvider() {
            @Override
            public String type() {
                return "noting";
            }

            @Override
            public Models create(ExtensionContext context) {
                done.add("made " + context.name());
                return new Models() {
                    @Override
                    public Model model(String id) {
                        throw new IllegalArgumentException("there is none");
                    }

                    @Override
                    public String destination() {
                        return "nowhere";
                    }

                    @Override
                    public void close() {
                        done.add("closed");
                    }
                };
            }
        };

        provider.read(new ExtensionContext("home", Settings.of(Config.empty()), Path.of("state"), Path.of("models")));

        assertThat(done).containsExactly("made home", "closed");
    }
}
