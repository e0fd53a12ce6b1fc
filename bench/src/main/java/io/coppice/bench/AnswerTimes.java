package io.coppice.bench;

import io.coppice.pool.Memory;
import java.util.Arrays;

/**
 * When a client had its last answers: a file with a count and so many times. The client alone
 * stores; whoever reads takes times that are not overwritten soon.
 *
 * <pre>
 *   0  count   of answers ever, stored with release after the time
 *   8  times   System.nanoTime() of answer i in place i modulo {@link #KEPT}
 * </pre>
 */
final class AnswerTimes {
    /** How many are kept: at one each half millisecond, those of a minute. */
    static final int KEPT = 1 << 17;

    /** How large the file is. */
    static final int FILE_BYTES = Long.BYTES * (1 + KEPT);

    /** The oldest ones may be overwritten while they are read. */
    private static final int READ_MOST = KEPT / 2;

    private AnswerTimes() {}

    /** Writes down an answer. Allocates nothing. */
    static void add(final Memory file, final long ns) {
        final long count = file.getLong(0);
        file.putLong(offset(count), ns);
        file.putLongRelease(0, count + 1);
    }

    /** Returns how many answers there were so far. */
    static long count(final Memory file) {
        return file.getLongAcquire(0);
    }

    /** Returns the times of the last answers, in order. */
    static long[] last(final Memory file) {
        final long count = count(file);
        final int kept = (int) Math.min(count, READ_MOST);
        final long[] times = new long[kept];
        for (int i = 0; i < kept; i++) {
            times[i] = file.getLong(offset(count - kept + i));
        }
        return times;
    }

    /**
     * Returns the longest time between two answers one after another, of which a part at least is
     * in a stretch of time, in nanoseconds.
     *
     * @param times in order
     * @throws IllegalArgumentException where they do not reach over both ends
     */
    static long longestGapNs(final long[] times, final long fromNs, final long toNs) {
        if (times.length < 2 || times[0] > fromNs || times[times.length - 1] < toNs) {
            throw new IllegalArgumentException(
                    "answers do not reach from " + fromNs + " to " + toNs + ": " + ends(times));
        }
        long longest = 0;
        for (int i = 1; i < times.length; i++) {
            if (times[i] > fromNs && times[i - 1] < toNs) {
                longest = Math.max(longest, times[i] - times[i - 1]);
            }
        }
        return longest;
    }

    private static String ends(final long[] times) {
        return times.length == 0
                ? "none"
                : Arrays.toString(new long[] {times[0], times[times.length - 1]});
    }

    private static long offset(final long index) {
        return Long.BYTES * (1 + index % KEPT);
    }
}
