package io.coppice.pool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class JournaledBufferTest {
    private static final int JOURNAL_BYTES = 4096;
    private static final int REGION = JOURNAL_BYTES + 3;
    private static final int CAPACITY_BYTES = 5000;

    private final TestArena arena = new TestArena(16384);
    private final Journal journal = new Journal(arena.memory(), 0, JOURNAL_BYTES);
    private final JournaledBuffer buffer =
            new JournaledBuffer(journal, arena.memory(), REGION, CAPACITY_BYTES);

    @BeforeEach
    void recover() {
        journal.recover();
    }

    @AfterEach
    void free() {
        arena.close();
    }

    static Stream<Arguments> storesAndTheirRanges() {
        return Stream.of(
                store("byte", 5, 1, b -> b.putByte(5, (byte) 1)),
                store("short", 6, 2, b -> b.putShort(6, (short) 1)),
                store("int", 7, 4, b -> b.putInt(7, 1)),
                store("double", 9, 8, b -> b.putDouble(9, 1)),
                store("setMemory", 1, 100, b -> b.setMemory(1, 100, (byte) 1)),
                store("array", 2, 3, b -> b.putBytes(2, new byte[9], 6, 3)),
                store("MIN_VALUE", 3, 11, b -> b.putIntAscii(3, Integer.MIN_VALUE)),
                store("zero", 3, 1, b -> b.putLongAscii(3, 0)),
                store("padded", 4, 7, b -> b.putNaturalPaddedIntAscii(4, 7, 42)),
                store("fromEnd", 38, 2, b -> b.putNaturalIntAsciiFromEnd(42, 40)),
                store("ascii", 10, 9, b -> b.putStringAscii(10, "hello")),
                store("asciiPart", 10, 2, b -> b.putStringWithoutLengthAscii(10, "hello", 3, 9)),
                store("utf8", 11, 4 + 7, b -> b.putStringUtf8(11, "żółw")),
                store("utf8Bare", 12, 4, b -> b.putStringWithoutLengthUtf8(12, "😀")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("storesAndTheirRanges")
    void savesExactlyWhatItChanges(
            final String name,
            final int index,
            final int length,
            final Consumer<JournaledBuffer> store) {
        journal.begin();
        store.accept(buffer);

        final List<Long> changes = new ArrayList<>();
        journal.forEachChange(
                (offset, bytes) -> {
                    changes.add(offset);
                    changes.add(bytes);
                });
        assertEquals(List.of((long) REGION + index, (long) length), changes);
        assertEquals(JournalLayout.entryBytes(length), arena.word(JournalLayout.USED_BYTES));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("storesAndTheirRanges")
    void storesNothingOutsideATransaction(
            final String name,
            final int index,
            final int length,
            final Consumer<JournaledBuffer> store) {
        final byte[] before = arena.image();

        assertThrows(IllegalStateException.class, () -> store.accept(buffer));
        assertArrayEquals(before, arena.image());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("storesAndTheirRanges")
    void keepsWhatWasCommitted(
            final String name,
            final int index,
            final int length,
            final Consumer<JournaledBuffer> store) {
        arena.setImage(REGION, filled(CAPACITY_BYTES, (byte) 0xee));
        journal.begin();
        store.accept(buffer);
        journal.commit();
        final byte[] committed = arena.image(REGION, CAPACITY_BYTES);

        assertFalse(new Journal(arena.memory(), 0, JOURNAL_BYTES).recover());
        assertArrayEquals(committed, arena.image(REGION, CAPACITY_BYTES));
        assertNotEquals((byte) 0xee, committed[index + length - 1]);
    }

    @Test
    void changesNothingWhenTheJournalIsFull() {
        final byte[] before = arena.image(REGION, CAPACITY_BYTES);
        journal.begin();

        assertThrows(
                JournalFullException.class, () -> buffer.setMemory(0, CAPACITY_BYTES, (byte) 1));
        assertArrayEquals(before, arena.image(REGION, CAPACITY_BYTES));
        assertEquals(0, arena.word(JournalLayout.USED_BYTES));
    }

    @Test
    void refusesARegionOutsideTheArena() {
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> new JournaledBuffer(journal, arena.memory(), 16384 - 10, 11));
    }

    @Test
    void refusesToWrapOtherMemoryInOneLine() throws Exception {
        int wraps = 0;
        for (final Method method : DirectBuffer.class.getMethods()) {
            if (method.getName().equals("wrap")) {
                wraps++;
                final Object[] arguments =
                        Arrays.stream(method.getParameterTypes())
                                .map(
                                        type ->
                                                type == int.class
                                                        ? (Object) 0
                                                        : type == long.class ? (Object) 0L : null)
                                .toArray();
                final Throwable refusal =
                        assertThrows(
                                        InvocationTargetException.class,
                                        () -> method.invoke(buffer, arguments))
                                .getCause();
                assertEquals(UnsupportedOperationException.class, refusal.getClass());
                assertEquals(1, refusal.getMessage().lines().count());
            }
        }
        assertEquals(7, wraps);
    }

    @Test
    void refusesTextOverTheLimitBeforeTheBounds() {
        journal.begin();

        final Exception refusal =
                assertThrows(
                        IllegalArgumentException.class, () -> buffer.putStringUtf8(0, "żółw", 6));
        assertEquals("text of 7 bytes is longer than the 6 allowed", refusal.getMessage());
    }

    @Test
    void refusesNegativeNaturalNumbers() {
        journal.begin();

        for (final Consumer<JournaledBuffer> store :
                List.<Consumer<JournaledBuffer>>of(
                        b -> b.putNaturalIntAscii(0, -1),
                        b -> b.putNaturalLongAscii(0, Long.MIN_VALUE),
                        b -> b.putNaturalPaddedIntAscii(0, 5, -1),
                        b -> b.putNaturalIntAsciiFromEnd(-1, 20))) {
            assertThrows(NumberFormatException.class, () -> store.accept(buffer));
        }
        assertEquals(0, arena.word(JournalLayout.USED_BYTES));
    }

    @Test
    void equalsOnlyItsOwnKindWithTheSameBytesAndOrdersByContent() {
        final JournaledBuffer same =
                new JournaledBuffer(journal, arena.memory(), REGION + 6000, CAPACITY_BYTES);
        final UnsafeBuffer plain = new UnsafeBuffer(new byte[CAPACITY_BYTES]);

        assertEquals(buffer, same);
        assertEquals(plain.hashCode(), buffer.hashCode());
        assertEquals(0, buffer.compareTo(plain));
        assertNotEquals(buffer, plain);
        assertNotEquals(plain, buffer);

        journal.begin();
        buffer.putLong(8, 1);
        assertNotEquals(buffer, same);
        assertTrue(buffer.compareTo(plain) > 0);
        assertTrue(plain.compareTo(buffer) < 0);
    }

    @Test
    void tellsWhereItIsAndHidesNoArrayUnderIt() {
        assertEquals(REGION, buffer.offset());
        assertEquals(arena.memory().address() + REGION, buffer.addressOffset());
        assertEquals("JournaledBuffer{offset=4099, capacity=5000}", buffer.toString());
        assertNull(buffer.byteArray());
        assertNull(buffer.byteBuffer());
        assertFalse(buffer.isExpandable());
    }

    private static Arguments store(
            final String name,
            final int index,
            final int length,
            final Consumer<JournaledBuffer> store) {
        return Arguments.of(name, index, length, store);
    }

    private static byte[] filled(final int length, final byte value) {
        final byte[] bytes = new byte[length];
        Arrays.fill(bytes, value);
        return bytes;
    }
}
