package io.coppice.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.coppice.pool.Arena;
import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaException;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RingTest {
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    @TempDir Path folder;

    private final UnsafeBuffer message = new UnsafeBuffer(new byte[TestTree.CAPACITY]);
    private TestTree tree;
    private Arena writerArena;
    private Arena readerArena;
    private RingWriter writer;
    private RingReader reader;

    @BeforeEach
    void open() {
        tree = TestTree.create(folder, 1);
        openWriter();
        openReader();
    }

    @Test
    void handsOverWhatWasCommittedInOrder() {
        assertEquals(List.of(), poll(NO_LIMIT));
        writerArena.journal().begin();
        assertTrue(offer(3, 8));
        assertTrue(offer(4, 0));
        assertEquals(List.of(), poll(NO_LIMIT));
        writerArena.journal().commit();
        assertEquals(List.of("3:8", "4:0"), poll(NO_LIMIT));
        assertEquals(List.of(), poll(NO_LIMIT));
        assertTrue(writer.isDrained());
        sound();
    }

    @Test
    void stopsAtTheLimit() {
        send(1, 2, 3);
        assertEquals(List.of("0:1", "1:2"), poll(2));
        assertTrue(reader.backlogBytes() > 0 && !writer.isDrained());
        assertEquals(List.of("2:3"), poll(2));
        assertEquals(0, reader.backlogBytes());
        assertEquals(0, writer.backlogBytes());
    }

    @Test
    void carriesEveryLengthFromEmptyToTheLongestAroundTheEnd() {
        for (int start = 0; start < TestTree.CAPACITY / 4; start += 8) {
            for (final int length :
                    new int[] {
                        0, 1, 7, 8, 9, 100, writer.payloadBytesMax() - 1, writer.payloadBytesMax()
                    }) {
                send(length);
                assertEquals(List.of("0:" + length), poll(NO_LIMIT));
                sound();
            }
        }
    }

    @Test
    void paddingNeverReachesTheHandler() {
        final Random random = new Random(3);
        final Queue<String> expected = new ArrayDeque<>();
        for (int i = 0; i < 20_000; i++) {
            final int length = random.nextInt(writer.payloadBytesMax() + 1);
            writerArena.journal().begin();
            final boolean room = writer.hasRoom(length);
            if (offer(i, length)) {
                expected.add(i + ":" + length);
            } else {
                assertFalse(room);
                assertFalse(expected.isEmpty());
            }
            writerArena.journal().commit();
            if (random.nextInt(3) == 0 || !room) {
                for (final String each : poll(1 + random.nextInt(4))) {
                    assertEquals(expected.remove(), each);
                }
            }
        }
        poll(NO_LIMIT).forEach(each -> assertEquals(expected.remove(), each));
        assertTrue(expected.isEmpty());
        sound();
    }

    @Test
    void refusesWhatIsTooLongOrOfAReservedType() {
        writerArena.journal().begin();
        assertEquals(TestTree.CAPACITY / 4 - 16, writer.payloadBytesMax());
        final IllegalArgumentException tooLong =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> writer.tryClaim(1, writer.payloadBytesMax() + 1));
        assertEquals(
                "ring \"writer/results\": a message of type 1 and 241 bytes: types are 0 or more,"
                        + " and at most 240 bytes fit, a quarter of the ring with a header: raise"
                        + " its capacity, or offer() longer ones with chained()",
                tooLong.getMessage());
        assertThrows(
                IllegalArgumentException.class, () -> writer.tryClaim(RingLayout.PADDING_TYPE, 1));
        assertThrows(IllegalArgumentException.class, () -> writer.tryClaim(1, -1));
        writerArena.journal().commit();
        assertEquals(List.of(), poll(NO_LIMIT));
    }

    @Test
    void refusesACapacityThatIsNoPowerOfTwo() {
        final Arena arena = tree.attach(TestTree.writerPlan());
        for (final int capacity : new int[] {0, -1024, 512, 1025, 3000}) {
            final ArenaException refused =
                    assertThrows(ArenaException.class, () -> tree.writer(arena, capacity));
            assertEquals(
                    "writer: ring \"results\" of "
                            + capacity
                            + " bytes: use a power of two from 1024",
                    refused.getMessage());
        }
    }

    @Test
    void waitsForTheReaderAndIsRungWhenItGoesOn() {
        fill();
        final int seen = tree.bells().sequence(TestTree.WRITER_SLOT);
        poll(NO_LIMIT);
        assertNotEquals(seen, tree.bells().sequence(TestTree.WRITER_SLOT));
        send(100);
        assertEquals(List.of("0:100"), poll(NO_LIMIT));
    }

    @Test
    void aReaderThatNobodyWaitsForRingsNobody() {
        send(1);
        poll(NO_LIMIT);
        assertTrue(writer.isDrained());
        final int seen = tree.bells().sequence(TestTree.WRITER_SLOT);
        send(1);
        poll(NO_LIMIT);
        assertEquals(seen, tree.bells().sequence(TestTree.WRITER_SLOT));
    }

    @Test
    void theSlowestOfSeveralReadersHoldsTheWriterBack(@TempDir final Path other) {
        final TestTree two = TestTree.create(other, 2);
        final Arena arena = two.attach(TestTree.writerPlan());
        writerArena = arena;
        writer = two.writer(arena);
        arena.seal();
        final Arena fastArena = two.attach(TestTree.readerPlan(0));
        final RingReader fast = two.reader(fastArena);
        final Arena slowArena = two.attach(TestTree.readerPlan(1));
        final RingReader slow = two.reader(slowArena);
        final int count = fill();
        assertEquals(count, fast.poll((type, buffer, index, length) -> {}, NO_LIMIT));
        assertFalse(commit(() -> offer(1, 100)));
        assertEquals(1, slow.poll((type, buffer, index, length) -> {}, 1));
        assertTrue(commit(() -> offer(1, 100)));
        assertFalse(commit(() -> offer(1, 100)));
    }

    @Test
    void aReaderThatStartsAnewMissesNothingThatIsKept(@TempDir final Path other) {
        final TestTree two = TestTree.create(other, 2);
        writerArena = two.attach(TestTree.writerPlan());
        writer = two.writer(writerArena);
        writerArena.seal();
        final Arena first = two.attach(TestTree.readerPlan(0));
        final RingReader fast = two.reader(first);
        final RingReader slow = two.reader(two.attach(TestTree.readerPlan(1)));
        final int count = fill();
        fast.poll((type, buffer, index, length) -> {}, NO_LIMIT);
        slow.poll((type, buffer, index, length) -> {}, 2);
        assertTrue(writer.backlogBytes() > 0);
        first.reset();
        final RingReader anew = two.reader(first);
        assertEquals(1, anew.poll((type, buffer, index, length) -> assertEquals(2, type), 1));
        // The slow one goes on; the one that starts anew is behind it now and must not be
        // overwritten.
        slow.poll((type, buffer, index, length) -> {}, NO_LIMIT);
        while (commit(() -> offer(99, 100))) {
            assertTrue(writer.backlogBytes() <= TestTree.CAPACITY);
        }
        final List<Integer> types = new ArrayList<>();
        anew.poll((type, buffer, index, length) -> types.add(type), count - 3);
        for (int i = 0; i < count - 3; i++) {
            assertEquals(i + 3, types.get(i));
        }
    }

    @Test
    void aRollbackOfTheWriterLeavesNothing() {
        send(5);
        writerArena.journal().begin();
        assertTrue(offer(9, 200));
        assertTrue(offer(9, 200));
        writerArena.journal().rollback();
        send(6);
        assertEquals(List.of("0:5", "0:6"), poll(NO_LIMIT));
        sound();
    }

    @Test
    void aRollbackOfTheReaderReadsAgain() {
        send(1, 2, 3);
        final long sum =
                readerArena.structure("sum", io.coppice.pool.StructureKind.REGION, 8).offset();
        final IllegalStateException thrown =
                assertThrows(
                        IllegalStateException.class,
                        () ->
                                reader.poll(
                                        (type, buffer, index, length) -> {
                                            readerArena.journal().putLong(sum, 77);
                                            if (type == 1) {
                                                throw new IllegalStateException("no");
                                            }
                                        },
                                        NO_LIMIT));
        assertEquals("no", thrown.getMessage());
        assertEquals(0, readerArena.memory().getLong(sum));
        assertEquals(List.of("0:1", "1:2", "2:3"), poll(NO_LIMIT));
    }

    @Test
    void aReaderMayBeOpenedBeforeTheWriterHasLaidOutItsRing(@TempDir final Path other) {
        final TestTree late = TestTree.create(other, 1);
        readerArena = late.attach(TestTree.readerPlan(0));
        reader = late.reader(readerArena);
        assertEquals(List.of(), poll(NO_LIMIT));
        assertEquals(0, reader.backlogBytes());
        writerArena = late.attach(TestTree.writerPlan());
        assertEquals(List.of(), poll(NO_LIMIT));
        writer = late.writer(writerArena);
        send(12);
        assertEquals(List.of("0:12"), poll(NO_LIMIT));
    }

    @Test
    void aReaderIsOpenedWhileItsArenaIsOpenOnly() {
        readerArena.seal();
        final ArenaException refused =
                assertThrows(ArenaException.class, () -> tree.reader(readerArena));
        assertEquals("ring \"writer/results\": readers are opened in open()", refused.getMessage());
    }

    @Test
    void aDaemonReadsNoMoreRingsThanItHasCursors() {
        for (int i = 1; i < ArenaLayout.CURSORS; i++) {
            RingReader.open(readerArena, TestTree.writerPlan(), "r" + i, folder, tree.bells());
        }
        RingReader.open(readerArena, TestTree.writerPlan(), "r1", folder, tree.bells());
        final ArenaException refused =
                assertThrows(
                        ArenaException.class,
                        () ->
                                RingReader.open(
                                        readerArena,
                                        TestTree.writerPlan(),
                                        "one",
                                        folder,
                                        tree.bells()));
        assertEquals("ring \"writer/one\": more than 64 rings to read", refused.getMessage());
    }

    @Test
    void bothEndsGoOnWhereTheirLastIncarnationStopped() {
        send(1, 2, 3);
        poll(1);
        openWriter();
        openReader();
        send(4);
        assertEquals(List.of("1:2", "2:3", "0:4"), poll(NO_LIMIT));
        sound();
    }

    @Test
    void aWriterThatWasResetMakesTheReaderStartAnew() {
        send(1, 2, 3);
        poll(2);
        writerArena = tree.attach(TestTree.writerPlan());
        writerArena.reset();
        assertEquals(List.of(), poll(NO_LIMIT));
        writer = tree.writer(writerArena);
        writerArena.seal();
        send(7);
        assertEquals(List.of("0:7"), poll(NO_LIMIT));
        assertTrue(writer.isDrained());
        sound();
    }

    @Test
    void aCursorLineThatNowBelongsToAnotherRingIsNotTakenForOurs() {
        fill();
        final Memory cursors = readerArena.memory();
        final long line = ArenaLayout.cursor(0);
        assertEquals(List.of("0:100"), poll(1));
        assertTrue(writer.hasRoom(16));
        cursors.putLong(line + ArenaLayout.CURSOR_KEY, 4711);
        cursors.putLong(line + ArenaLayout.CURSOR_POSITION, TestTree.CAPACITY - 64);
        final long before = writer.backlogBytes();
        assertEquals(before, writer.backlogBytes());
        assertTrue(before > TestTree.CAPACITY / 2, before + " bytes");
    }

    @Test
    void garbageInACursorNeverHarmsTheWriter() {
        final Random random = new Random(5);
        final Memory cursors = readerArena.memory();
        final long line = ArenaLayout.cursor(0);
        final long generation = writerArena.generation();
        for (int round = 0; round < 50_000; round++) {
            final long position =
                    random.nextBoolean() ? random.nextLong() : random.nextLong(1L << 16);
            cursors.putLong(line + ArenaLayout.CURSOR_POSITION, position);
            cursors.putLong(
                    line + ArenaLayout.CURSOR_GENERATION,
                    random.nextInt(4) == 0 ? random.nextLong() : generation);
            commit(() -> offer(1, random.nextInt(writer.payloadBytesMax() + 1)));
            final long backlog = writer.backlogBytes();
            assertTrue(backlog >= 0 && backlog <= TestTree.CAPACITY, backlog + " bytes");
        }
    }

    @Test
    void aDamagedRecordIsAnErrorThatNamesItsPlace() {
        for (final int length :
                new int[] {
                    -1, Integer.MIN_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE - 7, 241, 64
                }) {
            send(8);
            final long base = ArenaDirectory.find(writerArena.memory(), "ring:results").offset();
            final long at = writerArena.memory().getLong(base + RingLayout.TAIL) - 24;
            final long record = base + RingLayout.RECORDS + at % TestTree.CAPACITY;
            writerArena.memory().putInt(record, length);
            final ArenaException damaged =
                    assertThrows(
                            ArenaException.class, () -> reader.poll((t, b, i, l) -> {}, NO_LIMIT));
            assertEquals(
                    "ring \"writer/results\": the record at position "
                            + at
                            + " claims "
                            + length
                            + " bytes",
                    damaged.getMessage());
            assertFalse(readerArena.journal().isActive());
            assertEquals(
                    1,
                    RingInvariants.check(
                                    writerArena.memory(),
                                    ArenaDirectory.find(writerArena.memory(), "ring:results"))
                            .size());
            writerArena.memory().putInt(record, 8);
            assertEquals(List.of("0:8"), poll(NO_LIMIT));
        }
    }

    @Test
    void aRingWithAnImpossibleCapacityIsNotRead() {
        final long base = ArenaDirectory.find(writerArena.memory(), "ring:results").offset();
        send(8);
        for (final long capacity :
                new long[] {0, -1, 1, 1000, 2048, 1L << 32 | 1024, Long.MIN_VALUE}) {
            writerArena.memory().putLong(base + RingLayout.CAPACITY, capacity);
            openReader();
            assertEquals(List.of(), poll(NO_LIMIT), "capacity " + capacity);
        }
        writerArena.memory().putLong(base + RingLayout.CAPACITY, TestTree.CAPACITY);
        assertEquals(List.of("0:8"), poll(NO_LIMIT));
    }

    @Test
    void theReaderCannotWriteTheWritersArena() {
        final Memory readOnly = MappedFile.readOnly(tree.writerFile());
        assertThrows(UnsupportedOperationException.class, () -> readOnly.putLong(64, 1));
    }

    @Test
    void offerAndPollAllocateNothing() {
        final MessageHandler handler =
                (type, buffer, index, length) -> readerArena.journal().save(16, 8);
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int i = 0; i < 30_000; i++) {
            exchange(handler);
        }
        final long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 10_000; i++) {
            exchange(handler);
        }
        final long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(allocated < 10_000, allocated + " bytes in 10,000 exchanges");
    }

    private void exchange(final MessageHandler handler) {
        writerArena.journal().begin();
        writer.offer(1, message, 0, 100);
        writer.offer(2, message, 0, 3);
        writerArena.journal().commit();
        reader.poll(handler, 10);
    }

    private void openWriter() {
        writerArena = tree.attach(TestTree.writerPlan());
        writer = tree.writer(writerArena);
        writerArena.seal();
    }

    private void openReader() {
        readerArena = tree.attach(TestTree.readerPlan(0));
        reader = tree.reader(readerArena);
    }

    /** Sends messages of these lengths, typed by their number, in one transaction. */
    private void send(final int... lengths) {
        writerArena.journal().begin();
        for (int i = 0; i < lengths.length; i++) {
            assertTrue(offer(i, lengths[i]));
        }
        writerArena.journal().commit();
    }

    /** Sends messages until there is no room, typed by their number. */
    private int fill() {
        final int[] count = {0};
        while (commit(() -> offer(count[0], 100))) {
            count[0]++;
        }
        assertTrue(count[0] > 4);
        return count[0];
    }

    private boolean commit(final java.util.function.BooleanSupplier action) {
        writerArena.journal().begin();
        final boolean done = action.getAsBoolean();
        writerArena.journal().commit();
        return done;
    }

    private boolean offer(final int type, final int length) {
        for (int i = 0; i < length; i++) {
            message.putByte(i, (byte) (type * 31 + length + i));
        }
        return writer.offer(type, message, 0, length);
    }

    /** Polls, and checks every byte against what {@link #offer} made it. */
    private List<String> poll(final int limit) {
        final List<String> messages = new ArrayList<>();
        final int count =
                reader.poll(
                        (type, buffer, index, length) -> {
                            for (int i = 0; i < length; i++) {
                                assertEquals(
                                        (byte) (type * 31 + length + i), buffer.getByte(index + i));
                            }
                            messages.add(type + ":" + length);
                        },
                        limit);
        assertEquals(messages.size(), count);
        return messages;
    }

    private void sound() {
        final Memory memory = writerArena.memory();
        assertEquals(
                List.of(),
                RingInvariants.check(memory, ArenaDirectory.find(memory, "ring:results")));
    }
}
