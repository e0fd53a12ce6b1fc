package io.coppice.root.cli;

import io.coppice.ring.CutOffReason;
import io.coppice.ring.RingGlance;
import io.coppice.root.manifest.Sizes;
import java.util.Locale;

/** The line of a ring in {@code status} and {@code top}. */
final class RingText {
    private static final String ROW = "    ring %-12s %-8s %9s  %9s  fill %3d%%  slowest %s%s";

    private RingText() {}

    /** Returns the line, without its end. */
    static String line(final RingStatus ring) {
        final RingGlance glance = ring.glance();
        if (glance == null) {
            return String.format(Locale.ROOT, "    ring %-12s is not laid out", ring.name());
        }
        return String.format(
                Locale.ROOT,
                ROW,
                ring.name(),
                StatusJson.word(glance.mode().name()),
                Sizes.rounded(glance.capacityBytes()),
                rate(ring.messagesPerSecond()),
                glance.fillPercent(),
                slowest(ring),
                losses(ring));
    }

    private static String rate(final double messagesPerSecond) {
        return messagesPerSecond < 0
                ? "-/s"
                : String.format(Locale.ROOT, "%.0f/s", messagesPerSecond);
    }

    private static String slowest(final RingStatus ring) {
        final int slowest = ring.glance().slowest();
        if (slowest < 0) {
            return "none (nobody reads it)";
        }
        final RingGlance.Reader reader = ring.glance().readers().get(slowest);
        final String behind =
                (reader.behindMessages() == RingGlance.UNKNOWN
                                ? "?"
                                : Long.toString(reader.behindMessages()))
                        + " messages, "
                        + Sizes.rounded(reader.behindBytes())
                        + " behind";
        final String name = ring.readers().get(slowest);
        switch (reader.standing()) {
            case ABSENT:
                return name + " (has not joined, " + behind + ")";
            case OVERTAKEN:
                return name + " (overtaken, " + behind + ")";
            case AHEAD:
                return name + " (position beyond the newest message)";
            default:
                return name + " (" + behind + ")";
        }
    }

    private static String losses(final RingStatus ring) {
        final RingGlance glance = ring.glance();
        final StringBuilder text = new StringBuilder();
        for (int i = 0; i < glance.readers().size(); i++) {
            if (glance.readers().get(i).lost() > 0) {
                text.append("  ")
                        .append(ring.readers().get(i))
                        .append(" lost ")
                        .append(glance.readers().get(i).lost());
            }
        }
        if (glance.cutOffs() > 0) {
            text.append("  cut off ")
                    .append(glance.cutOffs())
                    .append(glance.cutOffs() == 1 ? " time" : " times")
                    .append(", last ")
                    .append(ring.lastCutOff())
                    .append(": ")
                    .append(reason(glance.cutOffReason()));
        }
        return text.toString();
    }

    private static String reason(final CutOffReason reason) {
        switch (reason) {
            case SLOW:
                return "too slow for its policy";
            case AHEAD:
                return "position beyond the newest message";
            case BEHIND:
                return "position before the oldest message";
            case NO_RECORD:
                return "position where no message begins";
            default:
                return "for no reason that is known";
        }
    }
}
