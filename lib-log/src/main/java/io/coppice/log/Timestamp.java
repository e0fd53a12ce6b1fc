package io.coppice.log;

import java.time.LocalDate;

/**
 * Writes an instant as {@code 2026-11-21T08:00:00.123Z}. {@code java.time.format} would do, but
 * loading it costs a process more than all the rest of its first log line.
 */
final class Timestamp {
    private static final long MS_PER_DAY = 86_400_000;
    private static final int MS_PER_HOUR = 3_600_000;
    private static final int MS_PER_MINUTE = 60_000;
    private static final int MS_PER_SECOND = 1_000;

    private Timestamp() {}

    /** Appends an instant in milliseconds since 1970, from the year 0 to the year 9999. */
    static void append(final StringBuilder to, final long epochMs) {
        final LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(epochMs, MS_PER_DAY));
        final int ms = (int) Math.floorMod(epochMs, MS_PER_DAY);
        digits(to, day.getYear(), 4);
        digits(to, day.getMonthValue(), 2, '-');
        digits(to, day.getDayOfMonth(), 2, '-');
        digits(to, ms / MS_PER_HOUR, 2, 'T');
        digits(to, ms / MS_PER_MINUTE % 60, 2, ':');
        digits(to, ms / MS_PER_SECOND % 60, 2, ':');
        digits(to, ms % MS_PER_SECOND, 3, '.');
        to.append('Z');
    }

    private static void digits(
            final StringBuilder to, final int number, final int width, final char before) {
        digits(to.append(before), number, width);
    }

    private static void digits(final StringBuilder to, final int number, final int width) {
        int unit = 1;
        for (int i = 1; i < width; i++) {
            unit *= 10;
        }
        for (; unit > 0; unit /= 10) {
            to.append((char) ('0' + number / unit % 10));
        }
    }
}
