package io.coppice.ring.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRingTest {
    private static final int CAPACITY = 128;
    private static final int STEPS = 200_000;

    private final SegmentImage segment = new SegmentImage(CAPACITY);
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[CAPACITY * 2]);

    @AfterEach
    void free() {
        segment.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void isAQueueOfBytes(final long seed) throws IOException {
        final ByteRingWriter writer = new ByteRingWriter(segment.memory(), true, "ring");
        final ByteRingReader reader = new ByteRingReader(segment.memory(), false, "ring");
        final ArrayDeque<Byte> model = new ArrayDeque<>();
        final Random random = new Random(seed);
        for (int step = 0; step < STEPS; step++) {
            final int length = random.nextInt(CAPACITY * 2);
            if (random.nextBoolean()) {
                for (int i = 0; i < length; i++) {
                    buffer.putByte(i, (byte) random.nextInt());
                }
                assertEquals(model.size() < CAPACITY, writer.hasRoom());
                final int count = writer.write(buffer, 0, length);
                assertEquals(Math.min(length, CAPACITY - model.size()), count);
                for (int i = 0; i < count; i++) {
                    model.add(buffer.getByte(i));
                }
            } else {
                assertEquals(!model.isEmpty(), reader.hasBytes());
                final int before = model.size();
                final int count = reader.read(buffer, 0, length);
                // What was seen of the tail may be old, but never nothing where there is something.
                assertTrue(count <= Math.min(length, before));
                assertEquals(length > 0 && before > 0, count > 0);
                for (int i = 0; i < count; i++) {
                    assertEquals(model.remove(), buffer.getByte(i));
                }
            }
            assertEquals(model.size(), reader.available());
            assertEquals(List.of(), SegmentInvariants.check(segment.memory()));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 3, CAPACITY + 1, Long.MAX_VALUE, Long.MIN_VALUE})
    void aTailThatCannotBeIsNamed(final long tail) throws IOException {
        final ByteRingWriter writer = new ByteRingWriter(segment.memory(), true, "ring");
        final ByteRingReader reader = new ByteRingReader(segment.memory(), false, "ring");
        writer.write(buffer, 0, 4);
        assertEquals(4, reader.read(buffer, 0, 10));
        segment.damage(SegmentLayout.half(true) + SegmentLayout.TAIL, tail + (tail > 3 ? 4 : 0));
        final IOException damaged =
                assertThrows(IOException.class, () -> reader.read(buffer, 0, 10));
        assertTrue(damaged.getMessage().startsWith("ring: offset 128: the writer's position is "));
        assertThrows(IOException.class, reader::hasBytes);
        assertThrows(IOException.class, reader::available);
        assertFalse(SegmentInvariants.check(segment.memory()).isEmpty());
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 3, CAPACITY + 5, Long.MAX_VALUE, Long.MIN_VALUE})
    void aHeadThatCannotBeIsNamed(final long head) throws IOException {
        final ByteRingWriter writer = new ByteRingWriter(segment.memory(), true, "ring");
        final ByteRingReader reader = new ByteRingReader(segment.memory(), false, "ring");
        writer.write(buffer, 0, 4);
        reader.read(buffer, 0, 4);
        assertEquals(CAPACITY, writer.write(buffer, 0, CAPACITY));
        segment.damage(SegmentLayout.half(false) + SegmentLayout.HEAD, head);
        final IOException damaged =
                assertThrows(IOException.class, () -> writer.write(buffer, 0, 10));
        assertTrue(damaged.getMessage().startsWith("ring: offset 640: the reader's position is "));
        assertThrows(IOException.class, writer::hasRoom);
    }

    @Test
    void aTicketIsRungOnceAndOnlyWhileSomebodySleeps() {
        final long offset = SegmentLayout.half(true) + SegmentLayout.READ_TICKET;
        final ParkTicket sleeper = new ParkTicket(segment.memory(), offset);
        final ParkTicket waker = new ParkTicket(segment.memory(), offset);
        assertFalse(waker.takeBell());
        for (int i = 0; i < 3; i++) {
            sleeper.park();
            assertTrue(waker.takeBell());
            assertFalse(waker.takeBell());
            sleeper.park();
            assertTrue(waker.takeBell(), "woken for nothing, it sleeps again");
            sleeper.unpark();
            assertFalse(waker.takeBell());
        }
    }

    @Test
    void wordsThatCannotBeAreNamed() {
        segment.damage(SegmentLayout.half(true) + SegmentLayout.OUTPUT_CLOSED, 2);
        segment.damage(SegmentLayout.half(false) + SegmentLayout.INPUT_CLOSED, -1);
        assertEquals(
                List.of(
                        "accepting end: outputClosed is 2 at offset 400",
                        "connecting end: inputClosed is -1 at offset 792"),
                SegmentInvariants.check(segment.memory()));
        segment.damage(SegmentLayout.CAPACITY, CAPACITY + 1);
        assertEquals(1, SegmentInvariants.check(segment.memory()).size());
    }
}
