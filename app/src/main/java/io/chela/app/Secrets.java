package io.chela.app;

import java.util.List;

/// The secrets that the log masks: those in force, those of the reading before, which running turns may still
/// have, and those of the one that was read last, whatever became of it.
final class Secrets {
    private final Masking masking;
    private Masking before = Masking.nothing();
    private Masking now = Masking.nothing();
    private Masking read = Masking.nothing();

    Secrets(Masking masking) {
        this.masking = masking;
    }

    /// Hides what was read, before a word of it is told.
    void read(Reading.Source source, Reading reading, StateFolder state) {
        read = Masking.nothing();
        ConfigSecrets.hide(reading.settings().values(), reading.file().environment(), read);
        source.options().token().ifPresent(read::hide);
        ConfigSecrets.hideFile(state.tokenFile(), read);
        hide();
    }

    /// What was read last is in force.
    void inForce() {
        before = now;
        now = read;
        hide();
    }

    private void hide() {
        masking.hideOnly(List.of(read, now, before));
    }
}
