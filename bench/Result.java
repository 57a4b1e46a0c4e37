package bench;

import java.util.Arrays;

/// What a load measured.
///
/// @param perSecond answers a second, all callers together
/// @param first time to the first byte of a body, sorted, in nanoseconds
/// @param whole time to the end of an answer, sorted, in nanoseconds
record Result(double perSecond, long[] first, long[] whole) {
    int count() {
        return whole.length;
    }

    /// In milliseconds.
    static double percentile(long[] sorted, int percent) {
        return sorted.length == 0 ? 0 : sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1e6;
    }

    /// Grows by one pair an answer: some 100,000 in the longest round.
    static final class Times {
        private long[] first = new long[1024];
        private long[] whole = new long[1024];
        private int count;

        void add(long firstNanos, long wholeNanos) {
            if (count == whole.length) {
                first = Arrays.copyOf(first, count * 2);
                whole = Arrays.copyOf(whole, count * 2);
            }
            first[count] = firstNanos;
            whole[count++] = wholeNanos;
        }

        void add(Times other) {
            for (int i = 0; i < other.count; i++) {
                add(other.first[i], other.whole[i]);
            }
        }

        Result result(long nanos) {
            return new Result(count * 1e9 / nanos, sorted(first), sorted(whole));
        }

        private long[] sorted(long[] times) {
            long[] sorted = Arrays.copyOf(times, count);
            Arrays.sort(sorted);
            return sorted;
        }
    }
}
