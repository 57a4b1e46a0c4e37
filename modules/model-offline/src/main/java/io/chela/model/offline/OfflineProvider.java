package io.chela.model.offline;

import io.chela.api.spi.ExtensionContext;
import io.chela.api.spi.Model;
import io.chela.api.spi.ModelProvider;
import io.chela.api.spi.Models;
import io.chela.api.spi.Settings;

/// Provides the one model `offline/echo`.
public final class OfflineProvider implements ModelProvider {
    @Override
    public String type() {
        return "offline";
    }

    @Override
    public Models create(ExtensionContext context) {
        Settings settings = context.settings();
        settings.text("api");
        settings.list("models").forEach(model -> model.required("id"));
        settings.finish();
        return new Offline();
    }

    private static final class Offline implements Models {
        @Override
        public Model model(String id) {
            if (!id.equals("echo")) {
                throw new IllegalArgumentException("there is only the model 'echo', not '" + id + "'");
            }
            return new EchoModel();
        }

        @Override
        public String destination() {
            return "nowhere, they stay in this process";
        }
    }
}
