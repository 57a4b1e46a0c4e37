package io.chela.app.models;

import java.time.Duration;
import java.util.Locale;

/// Sizes and times as people read them.
public final class Size {
    private static final String[] UNITS = {"KB", "MB", "GB", "TB"};

    private Size() {}

    /// `512 bytes`, `98.4 MB`; units of a thousand, as disks and download pages have them.
    public static String of(long bytes) {
        if (bytes < 1_000) {
            return bytes + " bytes";
        }
        double value = bytes;
        int unit = -1;
        while (value >= 999.95 && unit < UNITS.length - 1) {
            value /= 1_000;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }

    /// `4 s`, `3 min 20 s`, `2 h 5 min`.
    static String of(Duration time) {
        long seconds = time.toSeconds();
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3_600
                ? seconds / 60 + " min " + seconds % 60 + " s"
                : seconds / 3_600 + " h " + seconds % 3_600 / 60 + " min";
    }
}
