package io.chela.app.models;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/// Progress on a terminal: one line that is written again and again.
public final class ProgressBar implements Progress {
    private static final int WIDTH = 20;
    private static final int WHOLE = 100;
    private static final Duration REDRAW = Duration.ofMillis(100);

    /// Before that a rate says little.
    private static final Duration WARM_UP = Duration.ofMillis(500);

    private final PrintStream out;
    private final LongSupplier nanos;
    private long total;
    private long first;
    private long have;
    private long started;
    private long drawn;
    private int length;

    public ProgressBar(PrintStream out) {
        this(out, System::nanoTime);
    }

    ProgressBar(PrintStream out, LongSupplier nanos) {
        this.out = out;
        this.nanos = nanos;
    }

    @Override
    public void say(String line) {
        wipe();
        out.println(line);
    }

    @Override
    public void start(String file, long have, long total) {
        say(file + ", " + Size.of(total) + (have > 0 ? ", going on at " + Size.of(have) : ""));
        this.total = total;
        this.first = have;
        this.have = have;
        this.started = nanos.getAsLong();
        draw();
    }

    @Override
    public void at(long have) {
        this.have = have;
        if (nanos.getAsLong() - drawn >= REDRAW.toNanos()) {
            draw();
        }
    }

    @Override
    public void end() {
        draw();
        out.println();
        length = 0;
    }

    private void draw() {
        drawn = nanos.getAsLong();
        int percent = total == 0 ? WHOLE : (int) Math.min(WHOLE, (double) have / total * WHOLE);
        int filled = WIDTH * percent / WHOLE;
        String line = "[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "]"
                + String.format(Locale.ROOT, "%4d%%  ", percent) + Size.of(have) + " of " + Size.of(total)
                + rate(Duration.ofNanos(drawn - started));
        out.print("\r" + line + " ".repeat(Math.max(0, length - line.length())));
        out.flush();
        length = line.length();
    }

    private String rate(Duration time) {
        if (time.compareTo(WARM_UP) < 0 || have <= first) {
            return "";
        }
        double perSecond = (double) (have - first) / time.toMillis() * 1_000;
        String left = have >= total
                ? "in " + Size.of(time)
                : Size.of(Duration.ofSeconds((long) Math.ceil((total - have) / perSecond))) + " left";
        return "  " + Size.of((long) perSecond) + "/s  " + left;
    }

    private void wipe() {
        if (length > 0) {
            out.print("\r" + " ".repeat(length) + "\r");
            length = 0;
        }
    }
}
