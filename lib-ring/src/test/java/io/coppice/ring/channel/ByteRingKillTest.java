package io.coppice.ring.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Cuts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Kills either end of a ring at every store of a cycle (the one writes, sleeps and wakes, the other
 * reads, then the ends are closed), then whoever took over at every store of what it does, twice in
 * a row. What is read is always the beginning of what was written, and nothing that was published
 * is lost. Each byte is a function of its position, so one that is torn or repeated is seen.
 */
@Tag("cuts")
class ByteRingKillTest {
    private static final int CAPACITY = 64;
    private static final int DEPTH = 2;
    private static final int STARTS = CAPACITY / 8 + 1;

    private final SegmentImage segment = new SegmentImage(CAPACITY);
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[CAPACITY * 2]);
    private long points;

    @Test
    void whatWasPublishedIsReadWhereverADeathCuts() {
        assertTrue(Cuts.ENABLED);
        long expected = 0;
        try (segment) {
            // From positions all over the ring, so that cycles wrap at different places.
            for (int start = 0; start < STARTS; start++) {
                expected += killEverywhere(segment.image(), this::cycle, DEPTH);
                write(true, 7);
                write(false, 5);
                read(true, CAPACITY);
                read(false, CAPACITY);
            }
        }
        System.out.println("byte ring: " + points + " cuts in " + STARTS + " cycles");
        assertEquals(expected, points);
    }

    /** Returns how many stores there were to be cut at. */
    private long killEverywhere(final byte[] start, final Runnable operation, final int depth) {
        segment.restore(start);
        Cuts.count();
        operation.run();
        final long stores = Cuts.disarm();
        check();
        long expected = stores;
        if (depth >= 0) {
            for (long store = 0; store < stores; store++) {
                segment.restore(start);
                Cuts.arm(store);
                assertThrows(Cuts.Cut.class, operation::run);
                Cuts.disarm();
                points++;
                check();
                expected +=
                        depth == 0 ? 0 : killEverywhere(segment.image(), this::takeOver, depth - 1);
                survive();
            }
        }
        segment.restore(start);
        return expected;
    }

    private void cycle() {
        final ParkTicket readerSleeps = new ParkTicket(segment.memory(), ticket(false));
        final ParkTicket writerWakes = new ParkTicket(segment.memory(), ticket(false));
        readerSleeps.park();
        write(true, 13);
        assertTrue(writerWakes.takeBell());
        readerSleeps.unpark();
        read(false, 9);
        write(true, CAPACITY);
        write(false, 3);
        read(true, 3);
        segment.memory().putLongVolatile(SegmentLayout.half(true) + SegmentLayout.OUTPUT_CLOSED, 1);
        read(false, 30);
    }

    private static long ticket(final boolean accepting) {
        return SegmentLayout.half(accepting) + SegmentLayout.READ_TICKET;
    }

    /** What goes on after a death: it reads what is there, and writes over it. */
    private void takeOver() {
        read(false, 20);
        read(true, 20);
        write(true, 9);
        write(false, 12);
    }

    private void survive() {
        final long written = word(true, SegmentLayout.TAIL);
        while (read(false, 20) > 0) {
            check();
        }
        assertEquals(written, word(false, SegmentLayout.HEAD));
        assertEquals(CAPACITY, write(true, CAPACITY * 2));
        assertEquals(CAPACITY, read(false, CAPACITY * 2));
    }

    private long word(final boolean accepting, final int which) {
        return segment.memory().getLong(SegmentLayout.half(accepting) + which);
    }

    private void check() {
        assertEquals(List.of(), SegmentInvariants.check(segment.memory()));
    }

    private int write(final boolean accepting, final int length) {
        try {
            final ByteRingWriter writer = new ByteRingWriter(segment.memory(), accepting, "ring");
            final long tail = word(accepting, SegmentLayout.TAIL);
            for (int i = 0; i < length; i++) {
                buffer.putByte(i, at(tail + i));
            }
            return writer.write(buffer, 0, length);
        } catch (final IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
    }

    private int read(final boolean accepting, final int length) {
        try {
            final ByteRingReader reader = new ByteRingReader(segment.memory(), accepting, "ring");
            final long head = word(accepting, SegmentLayout.HEAD);
            final int count = reader.read(buffer, 0, length);
            for (int i = 0; i < count; i++) {
                assertEquals(at(head + i), buffer.getByte(i), "position " + (head + i));
            }
            return count;
        } catch (final IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
    }

    private static byte at(final long position) {
        return (byte) (position * 31 + (position >> 8));
    }
}
