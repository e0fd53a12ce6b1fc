package io.coppice.ring.channel;

import io.coppice.pool.Memory;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks what must hold of a segment between any two stores of its two ends. Reads only, trusts
 * nothing, never throws for what it finds; for any process that maps the segment while both stand
 * still. Allocates.
 */
public final class SegmentInvariants {
    private SegmentInvariants() {}

    /** Returns what is wrong with a segment, one line each; nothing where it is sound. */
    public static List<String> check(final Memory segment) {
        final List<String> wrong = new ArrayList<>();
        if (segment.bytes() < SegmentLayout.bytes(SegmentLayout.CAPACITY_LEAST)) {
            wrong.add("segment: has " + segment.bytes() + " bytes");
            return wrong;
        }
        if (segment.getLongAcquire(SegmentLayout.MAGIC_WORD) != SegmentLayout.MAGIC) {
            // It is being laid out, and the other end does not know its name yet.
            return wrong;
        }
        final long capacity = segment.getLong(SegmentLayout.CAPACITY);
        if (!SegmentLayout.isCapacity(capacity)
                || SegmentLayout.bytes((int) capacity) != segment.bytes()) {
            wrong.add("segment: capacity " + capacity + " in " + segment.bytes() + " bytes");
            return wrong;
        }
        checkEnd(segment, true, capacity, wrong);
        checkEnd(segment, false, capacity, wrong);
        return wrong;
    }

    private static void checkEnd(
            final Memory segment,
            final boolean accepting,
            final long capacity,
            final List<String> wrong) {
        final String who = accepting ? "accepting end: " : "connecting end: ";
        final long half = SegmentLayout.half(accepting);
        final long tail = segment.getLongAcquire(half + SegmentLayout.TAIL);
        final long head =
                segment.getLongAcquire(SegmentLayout.half(!accepting) + SegmentLayout.HEAD);
        if (head < 0 || head > tail || tail - head > capacity) {
            wrong.add(who + "tail " + tail + ", read to " + head + ", capacity " + capacity);
        }
        checkFlag(segment, half + SegmentLayout.OUTPUT_CLOSED, who + "outputClosed", wrong);
        checkFlag(segment, half + SegmentLayout.INPUT_CLOSED, who + "inputClosed", wrong);
    }

    private static void checkFlag(
            final Memory segment, final long offset, final String name, final List<String> wrong) {
        final long flag = segment.getLongAcquire(offset);
        if (flag != 0 && flag != 1) {
            wrong.add(name + " is " + flag + " at offset " + offset);
        }
    }
}
