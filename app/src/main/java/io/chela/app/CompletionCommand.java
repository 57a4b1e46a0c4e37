package io.chela.app;

import io.chela.app.cli.FishCompletion;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `chela completion SHELL`: prints a script that completes commands and options, made from the commands themselves.
@Command(
        name = "completion",
        description = "Print the completion script of bash, zsh or fish.",
        footer = {
            "",
            "Examples:",
            "  source <(chela completion bash)       # for ~/.bashrc",
            "  source <(chela completion zsh)        # for ~/.zshrc",
            "  chela completion fish | source        # for ~/.config/fish/config.fish"
        })
final class CompletionCommand implements Runnable {
    /// The names as they are written.
    enum Shell {
        bash,
        zsh,
        fish
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
    private Shell shell = Shell.bash;

    @Override
    public void run() {
        CommandLine root = spec.root().commandLine();
        System.out.print(
                switch (shell) {
                    // zsh takes bash's functions; the script asks it to.
                    case bash, zsh -> AutoComplete.bash(root.getCommandName(), root);
                    case fish -> FishCompletion.script(root);
                });
        System.out.flush();
    }
}
