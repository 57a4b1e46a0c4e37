package io.chela.model.llamacpp;

import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.ResolvedModule;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Says how to start a worker for a model.
interface WorkerCommand {
    /// Heap for the longest prompt; the memory of the model is outside of it.
    String HEAP = "-Xmx64m";

    /// Starts the rest with INT, TERM and HUP ignored, which a JVM keeps: a Ctrl-C goes to the whole process group, but
    /// the gateway first answers what is under way and then ends the worker's input.
    List<String> IGNORING_SIGNALS = List.of("/bin/sh", "-c", "trap '' HUP INT TERM; exec \"$@\"", "sh");

    /// The command line.
    ///
    /// @param privateFolder an empty folder of that worker's own
    List<String> line(LlamaCppSettings.Gguf model, Path privateFolder);

    /// Starts `java` of the running JVM (in the image: the image's own) with this module, llama's, and what they need.
    ///
    /// @param stateFolder gets the report of a native crash, in `logs/`
    static WorkerCommand ofThisModule(Path stateFolder) {
        Map<String, Optional<URI>> modules = needed();
        String path = modules.values().stream()
                .flatMap(Optional::stream)
                .filter(location -> "file".equals(location.getScheme())) // others are in the JVM's own image
                .map(location -> Path.of(location).toString())
                .collect(Collectors.joining(File.pathSeparator));
        String name = WorkerCommand.class.getModule().getName();
        return (model, privateFolder) -> {
            List<String> line = new ArrayList<>(IGNORING_SIGNALS);
            line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            line.addAll(options(stateFolder, privateFolder));
            // Limited to what is needed: `uses` clauses would otherwise pull the whole image in.
            line.addAll(List.of("--limit-modules", String.join(",", modules.keySet())));
            line.addAll(List.of("--enable-native-access=llama", "--module-path", path));
            line.addAll(List.of("--module", name + "/" + Worker.class.getName()));
            line.addAll(List.of(model.file().toString(), Integer.toString(model.contextWindow())));
            return line;
        };
    }

    private static List<String> options(Path stateFolder, Path privateFolder) {
        return List.of(
                HEAP,
                "-XX:+UseSerialGC",
                "-XX:AOTMode=off",
                "-XX:-UsePerfData",
                "-XX:TieredStopAtLevel=1", // it waits for native code; the second compiler's memory buys nothing
                "-XX:+DisplayVMOutputToStderr",
                "-Xlog:disable",
                "-Xlog:all=error:stderr",
                "-XX:ErrorFile=" + stateFolder.resolve("logs").resolve("hs_err_llamacpp_%p.log"),
                "-Djava.io.tmpdir=" + privateFolder,
                "-Dde.kherud.llama.tmpdir=" + privateFolder); // it deletes every llama* and jllama* in there
    }

    /// This module and all it reads, by name, with their locations.
    private static Map<String, Optional<URI>> needed() {
        Module here = WorkerCommand.class.getModule();
        ModuleLayer layer = here.getLayer();
        if (layer == null) {
            throw new IllegalStateException("model-llamacpp must be on the module path: its worker is started from it");
        }
        Configuration configuration = layer.configuration();
        Map<String, Optional<URI>> needed = new LinkedHashMap<>();
        gather(configuration.findModule(here.getName()).orElseThrow(), needed);
        return needed;
    }

    private static void gather(ResolvedModule module, Map<String, Optional<URI>> needed) {
        if (needed.putIfAbsent(module.name(), module.reference().location()) == null
                && !module.reference().descriptor().isAutomatic()) { // that one reads everything there is
            module.reads().forEach(read -> gather(read, needed));
        }
    }
}
