package io.coppice.os;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** {@code struct pollfd}: int fd, short events, short revents. */
final class PollDescriptor {
    static final int BYTES = 8;

    private static final int EVENTS_OFFSET = 4;
    private static final int REVENTS_OFFSET = 6;
    private static final short POLLIN = 1;

    private PollDescriptor() {}

    static int descriptor(final MemorySegment places, final int place) {
        return places.get(ValueLayout.JAVA_INT, (long) place * BYTES);
    }

    static void set(final MemorySegment places, final int place, final int descriptor) {
        final long at = (long) place * BYTES;
        places.set(ValueLayout.JAVA_INT, at, descriptor);
        places.set(ValueLayout.JAVA_SHORT, at + EVENTS_OFFSET, POLLIN);
        places.set(ValueLayout.JAVA_SHORT, at + REVENTS_OFFSET, (short) 0);
    }

    static boolean isReady(final MemorySegment places, final int place) {
        return places.get(ValueLayout.JAVA_SHORT, (long) place * BYTES + REVENTS_OFFSET) != 0;
    }
}
