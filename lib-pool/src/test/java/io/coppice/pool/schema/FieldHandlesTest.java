package io.coppice.pool.schema;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Journal;
import io.coppice.pool.JournaledBuffer;
import io.coppice.pool.Memory;
import io.coppice.pool.TestArena;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is stored through a buffer is read through a mapped range, and the other way round. */
class FieldHandlesTest {
    private static final int RECORD = 64;
    private static final RecordSchema SCHEMA = Schemas.all();
    private static final TextField TEXT = SCHEMA.textField("text");
    private static final BytesField BYTES = SCHEMA.bytesField("bytes");

    private final TestArena arena = new TestArena(16384);
    private final Memory memory = arena.memory().slice(0, 256);
    private final MutableDirectBuffer buffer = new UnsafeBuffer(memory.address(), 256);

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void numbersAreTheSameThroughBufferAndMemory() {
        final LongField longs = SCHEMA.longField("long");
        final IntField ints = SCHEMA.intField("int");
        final ShortField shorts = SCHEMA.shortField("short");
        final ByteField bytes = SCHEMA.byteField("byte");
        final DoubleField doubles = SCHEMA.doubleField("double");
        final FloatField floats = SCHEMA.floatField("float");
        final BooleanField booleans = SCHEMA.booleanField("boolean");
        longs.put(buffer, RECORD, Long.MIN_VALUE + 1);
        ints.put(buffer, RECORD, Integer.MIN_VALUE + 2);
        shorts.put(buffer, RECORD, (short) (Short.MIN_VALUE + 3));
        bytes.put(buffer, RECORD, (byte) -4);
        doubles.put(buffer, RECORD, -0.1);
        floats.put(buffer, RECORD, -0.2f);
        booleans.put(buffer, RECORD, true);
        assertEquals(Long.MIN_VALUE + 1, longs.get(memory, RECORD));
        assertEquals(Integer.MIN_VALUE + 2, ints.get(memory, RECORD));
        assertEquals(Short.MIN_VALUE + 3, shorts.get(memory, RECORD));
        assertEquals(-4, bytes.get(memory, RECORD));
        assertEquals(-0.1, doubles.get(memory, RECORD));
        assertEquals(-0.2f, floats.get(memory, RECORD));
        assertTrue(booleans.get(memory, RECORD));
        longs.put(memory, RECORD, 1);
        ints.put(memory, RECORD, 2);
        shorts.put(memory, RECORD, (short) 3);
        bytes.put(memory, RECORD, (byte) 4);
        doubles.put(memory, RECORD, 5);
        floats.put(memory, RECORD, 6);
        booleans.put(memory, RECORD, false);
        assertEquals(1, longs.get(buffer, RECORD));
        assertEquals(2, ints.get(buffer, RECORD));
        assertEquals(3, shorts.get(buffer, RECORD));
        assertEquals(4, bytes.get(buffer, RECORD));
        assertEquals(5, doubles.get(buffer, RECORD));
        assertEquals(6, floats.get(buffer, RECORD));
        assertFalse(booleans.get(buffer, RECORD));
        memory.putByte(RECORD + (long) booleans.offset(), (byte) -1);
        assertTrue(booleans.get(memory, RECORD));
    }

    @Test
    void aTextTakesItsRoomAndNoMore() {
        memory.fill(0, 256, (byte) 'x');
        TEXT.put(buffer, RECORD, "zażółć");
        assertEquals("zażółć", TEXT.get(memory, RECORD));
        assertEquals(10, TEXT.length(buffer, RECORD));
        TEXT.put(memory, RECORD, "ab");
        assertEquals("ab", TEXT.get(buffer, RECORD));
        assertEquals(2, TEXT.length(buffer, RECORD));
        TEXT.put(buffer, RECORD, "");
        assertEquals("", TEXT.get(buffer, RECORD));
        assertEquals('x', buffer.getByte(RECORD + TEXT.offset() - 1));
        assertEquals('x', buffer.getByte(RECORD + TEXT.offset() + TEXT.bytes()));
    }

    @Test
    void aTextGoesThroughBuffersAsItIs() {
        final UnsafeBuffer from = new UnsafeBuffer("..owner..".getBytes(StandardCharsets.UTF_8));
        final UnsafeBuffer to = new UnsafeBuffer(new byte[16]);
        memory.fill(0, 256, (byte) 'x');
        TEXT.put(buffer, RECORD, from, 2, 5);
        assertEquals("owner", TEXT.get(buffer, RECORD));
        assertEquals(5, TEXT.get(buffer, RECORD, to, 3));
        assertEquals("owner", to.getStringWithoutLengthUtf8(3, 5));
        assertTrue(TEXT.isEqual(buffer, RECORD, from, 2, 5));
        assertFalse(TEXT.isEqual(buffer, RECORD, from, 2, 4));
        assertFalse(TEXT.isEqual(buffer, RECORD, from, 1, 5));
    }

    @Test
    void refusesTextsItCannotKeepAndStoresNothing() {
        final byte[] before = arena.image();
        final UnsafeBuffer from = new UnsafeBuffer(new byte[] {'a', 0, 'b'});
        final String tooLong = "field \"text\": the text takes 12 bytes of UTF-8, the field has 10";
        final String zero = "field \"text\": a text must not hold a zero character";
        refuses(tooLong, () -> TEXT.put(buffer, RECORD, "zażółćaa"));
        refuses(tooLong, () -> TEXT.put(memory, RECORD, "zażółćaa"));
        refuses(zero, () -> TEXT.put(buffer, RECORD, "a\0"));
        refuses(zero, () -> TEXT.put(buffer, RECORD, from, 0, 3));
        assertArrayEquals(before, arena.image());
    }

    @Test
    void bytesAreCopiedAsAWhole() {
        final UnsafeBuffer from = new UnsafeBuffer(new byte[] {0, 1, 2, 3, 4, 5, 6});
        final UnsafeBuffer to = new UnsafeBuffer(new byte[8]);
        BYTES.put(buffer, RECORD, from, 1);
        BYTES.get(buffer, RECORD, to, 2);
        assertArrayEquals(new byte[] {0, 0, 1, 2, 3, 4, 5, 0}, to.byteArray());
        BYTES.put(memory, RECORD, from, 2);
        final byte[] out = new byte[6];
        BYTES.get(memory, RECORD, out, 1);
        assertArrayEquals(new byte[] {0, 2, 3, 4, 5, 6}, out);
    }

    @Test
    void storesThroughAJournaledBufferAreRolledBack() {
        final Journal journal = new Journal(arena.memory(), 4096, 4096);
        journal.recover();
        final MutableDirectBuffer journaled = new JournaledBuffer(journal, arena.memory(), 0, 256);
        journal.begin();
        for (final RecordField field : SCHEMA.fields()) {
            final String value =
                    switch (field.type()) {
                        case BOOLEAN -> "true";
                        case BYTES -> "0102030405";
                        default -> "7";
                    };
            FieldText.put(field, value, journaled, RECORD);
        }
        assertEquals(7, SCHEMA.longField("long").get(buffer, RECORD));
        journal.rollback();
        assertEquals(-1, Arrays.mismatch(new byte[256], arena.image(0, 256)));
    }

    private static void refuses(final String expected, final Runnable action) {
        assertEquals(
                expected, assertThrows(IllegalArgumentException.class, action::run).getMessage());
    }
}
