package io.coppice.pool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ObjLongConsumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryTest {
    private static final int BYTES = 1000;
    private static final long FIVE_GIB = 5L << 30;

    private final TestArena arena = new TestArena(BYTES);
    private final Memory memory = arena.memory();

    @TempDir private Path directory;

    /** An access, and how many bytes it touches. */
    private record Access(String name, int bytes, boolean store, ObjLongConsumer<Memory> at) {}

    private static final byte[] ARRAY = new byte[16];
    private static final UnsafeBuffer BUFFER = new UnsafeBuffer(ARRAY);

    private static final List<Access> ACCESSES =
            List.of(
                    new Access("getLong", 8, false, (m, at) -> m.getLong(at)),
                    new Access("getLongAcquire", 8, false, (m, at) -> m.getLongAcquire(at)),
                    new Access("getLongVolatile", 8, false, (m, at) -> m.getLongVolatile(at)),
                    new Access("getInt", 4, false, (m, at) -> m.getInt(at)),
                    new Access("getIntVolatile", 4, false, (m, at) -> m.getIntVolatile(at)),
                    new Access("getShort", 2, false, (m, at) -> m.getShort(at)),
                    new Access("getByte", 1, false, (m, at) -> m.getByte(at)),
                    new Access(
                            "getBytes", 16, false, (m, at) -> m.getBytes(at, ARRAY.clone(), 0, 16)),
                    new Access("reader", 16, false, (m, at) -> m.reader(at, 16)),
                    new Access("slice", 16, false, (m, at) -> m.slice(at, 16)),
                    new Access("putLong", 8, true, (m, at) -> m.putLong(at, ~0)),
                    new Access("putLongRelease", 8, true, (m, at) -> m.putLongRelease(at, ~0)),
                    new Access("putLongVolatile", 8, true, (m, at) -> m.putLongVolatile(at, ~0)),
                    new Access(
                            "compareAndSetLong",
                            8,
                            true,
                            (m, at) -> m.compareAndSetLong(at, 0, ~0)),
                    new Access("getAndAddLong", 8, true, (m, at) -> m.getAndAddLong(at, 1)),
                    new Access("putInt", 4, true, (m, at) -> m.putInt(at, ~0)),
                    new Access("putIntVolatile", 4, true, (m, at) -> m.putIntVolatile(at, ~0)),
                    new Access("addInt", 4, true, (m, at) -> m.addInt(at, 1)),
                    new Access("putShort", 2, true, (m, at) -> m.putShort(at, (short) ~0)),
                    new Access("putByte", 1, true, (m, at) -> m.putByte(at, (byte) ~0)),
                    new Access("putArray", 16, true, (m, at) -> m.putBytes(at, ARRAY, 0, 16)),
                    new Access("putBuffer", 16, true, (m, at) -> m.putBytes(at, BUFFER, 0, 16)),
                    new Access("putMemory", 16, true, (m, at) -> m.putBytes(at, m, 0, 16)),
                    new Access("fill", 16, true, (m, at) -> m.fill(at, 16, (byte) 1)));

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void refusesEveryAccessThatTouchesAByteOutside() {
        for (final Access access : ACCESSES) {
            access.at().accept(memory, 0);
            access.at().accept(memory, BYTES - access.bytes());
            final byte[] before = arena.image();
            for (final long offset :
                    new long[] {
                        BYTES - access.bytes() + 1, BYTES, -1, Long.MAX_VALUE, Long.MIN_VALUE
                    }) {
                assertThrows(
                        IndexOutOfBoundsException.class,
                        () -> access.at().accept(memory, offset),
                        access.name() + " at " + offset);
            }
            assertArrayEquals(before, arena.image(), access.name());
        }
    }

    @Test
    void refusesNegativeLengthsAndRangesOfTheOtherSide() {
        assertThrows(IndexOutOfBoundsException.class, () -> memory.fill(10, -1, (byte) 0));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.slice(10, -1));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.putBytes(0, ARRAY, 1, 16));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.putBytes(0, BUFFER, 1, 16));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.putBytes(0, memory, 990, 16));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.getBytes(0, ARRAY, 1, 16));
    }

    @Test
    void sliceSeesTheSameBytesAndNoneBesides() {
        final Memory slice = memory.slice(100, 50);

        slice.putLong(8, 42);

        assertEquals(42, memory.getLong(108));
        assertEquals(42, memory.reader(100, 50).getLong(8));
        assertEquals(50, slice.bytes());
        assertEquals(memory.address() + 100, slice.address());
        assertThrows(IndexOutOfBoundsException.class, () -> slice.putLong(43, 1));
    }

    @Test
    void comparesAndSetsOnTheExactWord() {
        assertTrue(memory.compareAndSetLong(8, 0, 7));
        assertFalse(memory.compareAndSetLong(8, 0, 9));
        assertEquals(7, memory.getLong(8));
        assertEquals(7, memory.getAndAddLong(8, -9));
        assertEquals(-2, memory.getLong(8));
    }

    @Test
    void readOnlyMappingRefusesEveryStoreAndAllowsEveryRead() throws IOException {
        final Path file = Files.write(directory.resolve("arena"), new byte[BYTES]);
        final Memory readOnly = MappedFile.readOnly(file);

        for (final Memory refusing : List.of(readOnly, readOnly.slice(0, 500))) {
            for (final Access access : ACCESSES) {
                if (access.store()) {
                    final String refusal =
                            assertThrows(
                                            UnsupportedOperationException.class,
                                            () -> access.at().accept(refusing, 8),
                                            access.name())
                                    .getMessage();
                    assertEquals(
                            "offset 8 is mapped read-only: only its owner may write it", refusal);
                } else {
                    access.at().accept(refusing, 8);
                }
            }
        }
    }

    @Test
    void bothMappingsOfAFileShowTheSameBytes() throws IOException {
        final Path file = Files.write(directory.resolve("arena"), new byte[8192]);
        final Memory writable = MappedFile.writable(file);
        final Memory part = MappedFile.readOnly(file, 4096, 1 << 20);

        writable.putLong(4104, 7);

        assertEquals(7, part.getLong(8));
        assertEquals(4096, part.bytes(), "cut where the file ends");
    }

    @Test
    void addressesBeyondTwoAndFourGiB() throws IOException {
        final Path file = directory.resolve("sparse");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(FIVE_GIB);
        }
        final Memory large = MappedFile.writable(file);
        final long[] offsets = {0, (2L << 30) - 4, 3L << 30, (4L << 30) - 4, FIVE_GIB - 8};

        for (final long offset : offsets) {
            large.putLong(offset, offset + 1);
        }

        for (final long offset : offsets) {
            assertEquals(offset + 1, large.getLong(offset));
            assertEquals(offset + 1, large.slice(offset, 8).getLong(0));
            assertEquals(offset + 1, large.reader(offset, 8).getLong(0));
        }
        assertEquals(FIVE_GIB, large.bytes());
        assertThrows(IndexOutOfBoundsException.class, () -> large.getLong(FIVE_GIB - 7));
        assertUndoneBeyondTwoGiB(large);
    }

    private static void assertUndoneBeyondTwoGiB(final Memory large) {
        final long region = (4L << 30) + 64;
        final Journal journal = new Journal(large, 1 << 20, JournalLayout.MIN_BYTES);
        journal.recover();
        journal.begin();
        new JournaledBuffer(journal, large, region, 64).putStringAscii(8, "far away");
        assertEquals(8, large.getInt(region + 8));
        assertTrue(new Journal(large, 1 << 20, JournalLayout.MIN_BYTES).recover());
        assertEquals(0, large.getInt(region + 8));
    }

    @Test
    void overlappingCopiesMoveAsIfThroughASecondBuffer() {
        for (int shift = -17; shift <= 17; shift++) {
            for (int length = 0; length < 40; length++) {
                final byte[] expected = new byte[BYTES];
                for (int i = 0; i < BYTES; i++) {
                    expected[i] = (byte) (i * 7);
                }
                arena.setImage(0, expected);
                System.arraycopy(expected, 100, expected, 100 + shift, length);

                memory.putBytes(100 + shift, memory, 100, length);

                assertArrayEquals(expected, arena.image(), "shift " + shift + ", length " + length);
            }
        }
    }

    @Test
    void refusesMemoryOnTheHeap() {
        assertThrows(
                IllegalArgumentException.class,
                () -> Memory.of(MemorySegment.ofArray(new long[4])));
    }

    @Test
    void missingAndEmptyFilesAreErrorsOfOneLine() throws IOException {
        final Path empty = Files.createFile(directory.resolve("empty"));
        final Path missing = directory.resolve("missing");

        assertEquals(
                empty + ": is empty or shorter than 0 bytes",
                assertThrows(ArenaException.class, () -> MappedFile.writable(empty)).getMessage());
        assertEquals(
                missing + ": does not exist",
                assertThrows(ArenaException.class, () -> MappedFile.readOnly(missing))
                        .getMessage());
        assertTrue(MappedFile.exists(empty), "exists means a regular file");
    }
}
