package io.chela.app.models;

import java.util.function.Consumer;

/// Progress where nobody watches a terminal: a line every ten per cent.
public final class ProgressLines implements Progress {
    private static final int STEP = 10;
    private static final int WHOLE = 100;

    private final Consumer<String> out;
    private String file = "";
    private long total;
    private long told;

    public ProgressLines(Consumer<String> out) {
        this.out = out;
    }

    @Override
    public void say(String line) {
        out.accept(line);
    }

    @Override
    public void start(String file, long have, long total) {
        this.file = file;
        this.total = total;
        told = tens(have);
        out.accept(file + ": " + (have > 0 ? "going on at " + Size.of(have) + " of " : "") + Size.of(total));
    }

    @Override
    public void at(long have) {
        long tens = tens(have);
        if (tens > told) {
            told = tens;
            out.accept(file + ": " + tens * STEP + "%, " + Size.of(have) + " of " + Size.of(total));
        }
    }

    private long tens(long have) {
        return total == 0 ? 0 : (long) ((double) have / total * WHOLE) / STEP;
    }

    @Override
    public void end() {}
}
