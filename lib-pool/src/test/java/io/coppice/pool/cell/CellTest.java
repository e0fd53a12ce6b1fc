package io.coppice.pool.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.coppice.pool.Allocations;
import io.coppice.pool.ArenaException;
import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import io.coppice.pool.TestArena;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CellTest {
    private static final int JOURNAL_BYTES = 4096;
    private static final int LONG_AT = JOURNAL_BYTES;
    private static final int DOUBLE_AT = LONG_AT + 64;
    private static final int TEXT_AT = DOUBLE_AT + 64;
    private static final int TEXT_MAX = 100;
    private static final int END = TEXT_AT + 64 + 256;
    private static final int FUZZ_ROUNDS = 50_000;

    private final TestArena arena = new TestArena(END);
    private final Memory memory = arena.memory();
    private final Journal journal = recovered();
    private final Cell number = Cell.layOutLong("number", journal, memory, LONG_AT);
    private final Cell rate = Cell.layOutDouble("rate", journal, memory, DOUBLE_AT);
    private final Cell title = Cell.layOutText("title", journal, memory, TEXT_AT, TEXT_MAX);
    private final CellReader numberReader =
            CellReader.attach("number", memory, LONG_AT, Cell.bytes());
    private final CellReader rateReader =
            CellReader.attach("rate", memory, DOUBLE_AT, Cell.bytes());
    private final CellReader titleReader =
            CellReader.attach("title", memory, TEXT_AT, Cell.bytes(TEXT_MAX));
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[TEXT_MAX]);

    private Journal recovered() {
        final Journal made = new Journal(memory, 0, JOURNAL_BYTES);
        made.recover();
        return made;
    }

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void readersSeeWhatIsCommittedAndTheWriterWhatItHasSet() {
        journal.begin();
        number.setLong(7);
        rate.setDouble(0.5);
        setTitle("seven");

        assertEquals(7, number.getLong());
        assertEquals(0.5, rate.getDouble());
        assertEquals("seven", ownTitle());
        assertEquals(0, numberReader.getLong());
        assertEquals(0.0, rateReader.getDouble());
        assertEquals("", titleReader.getString());
        journal.commit();
        assertEquals(7, numberReader.getLong());
        assertEquals(0.5, rateReader.getDouble());
        assertEquals("seven", titleReader.getString());
    }

    @Test
    void aRollbackLeavesTheLastValues() {
        set(1, "one");
        journal.begin();
        number.setLong(2);
        setTitle("two");
        journal.rollback();

        assertEquals(1, number.getLong());
        assertEquals("one", ownTitle());
        assertEquals("one", titleReader.getString());
    }

    @Test
    void aReturnToASavepointBringsBackTheTextOfBefore() {
        set(1, "one");
        journal.begin();
        setTitle("two");
        final int first = journal.savepoint();
        setTitle("three, which is longer");
        journal.savepoint();
        setTitle("four");
        journal.rollbackTo(first);
        assertEquals("two", ownTitle());
        journal.commit();
        assertEquals("two", titleReader.getString());

        journal.begin();
        final int second = journal.savepoint();
        setTitle("five");
        setTitle("six");
        journal.rollbackTo(second);
        assertEquals("two", ownTitle());
        journal.commit();
        assertEquals("two", titleReader.getString());
    }

    @Test
    void refusesTheOtherKindTooLongATextAndNoTransaction() {
        assertEquals(
                "number: is a LONG cell, not TEXT",
                assertThrows(IllegalStateException.class, () -> setTitleOf(number, "x"))
                        .getMessage());
        final UnsafeBuffer large = new UnsafeBuffer(new byte[TEXT_MAX + 1]);
        assertEquals(
                "title: a text of 101 bytes, at most are 100",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> title.setText(large, 0, TEXT_MAX + 1))
                        .getMessage());
        assertThrows(IllegalStateException.class, () -> setTitle("x"));
        assertThrows(IllegalStateException.class, () -> number.setLong(1));
        assertThrows(IllegalStateException.class, () -> rate.setDouble(1));
    }

    @Test
    void aConcurrentReaderSeesTextsOfOnePieceOnly() throws Exception {
        final AtomicBoolean done = new AtomicBoolean();
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final Thread consumer =
                new Thread(
                        () -> {
                            try {
                                follow(done);
                            } catch (final Throwable wrong) {
                                failure.set(wrong);
                            }
                        });
        consumer.start();
        for (int i = 0; i < 500_000; i++) {
            final int length = 1 + i % TEXT_MAX;
            buffer.setMemory(0, length, (byte) length);
            journal.begin();
            title.setText(buffer, 0, length);
            if (i % 5 == 0) {
                journal.rollback();
            } else {
                journal.commit();
            }
        }
        done.set(true);
        consumer.join();
        assertNull(failure.get(), () -> failure.get().toString());
    }

    private void follow(final AtomicBoolean done) {
        final UnsafeBuffer to = new UnsafeBuffer(new byte[TEXT_MAX]);
        while (!done.get()) {
            final int length = titleReader.getText(to, 0);
            for (int i = 0; i < length; i++) {
                assertEquals((byte) length, to.getByte(i));
            }
        }
    }

    @Test
    void settingAndGettingAllocatesNothing() {
        final long allocatedBytes =
                Allocations.bytesOf(
                        50_000,
                        round -> {
                            journal.begin();
                            number.setLong(round);
                            rate.setDouble(round);
                            title.setText(buffer, 0, round % TEXT_MAX);
                            title.getText(buffer, 0);
                            journal.commit();
                            titleReader.getText(buffer, 0);
                        });

        assertEquals(0, allocatedBytes);
    }

    @Test
    void damagedCellsAreReported() {
        final long seed = Long.getLong("coppice.seed", System.nanoTime());
        final Random random = new Random(seed);
        set(5, "five");
        final byte[] sound = arena.image();
        for (int round = 0; round < FUZZ_ROUNDS; round++) {
            arena.setImage(0, sound);
            final long word = TEXT_AT + random.nextInt((END - TEXT_AT) / 8) * 8L;
            memory.putLong(word, random.nextBoolean() ? random.nextLong() : random.nextInt(200));
            final boolean isSound = check(Cell.bytes(TEXT_MAX));
            try {
                CellReader.attach("title", memory, TEXT_AT, Cell.bytes(TEXT_MAX))
                        .getText(buffer, 0);
            } catch (final ArenaException reported) {
                assertFalse(isSound, "-Dcoppice.seed=" + seed + ": " + reported);
            } catch (final IllegalStateException anotherKind) {
                assertEquals("title: is a ", anotherKind.getMessage().substring(0, 12));
            }
        }
        memory.fill(TEXT_AT, END - TEXT_AT, (byte) 0);
        assertFalse(check(Cell.bytes(TEXT_MAX)));
        arena.setImage(0, sound);
        assertFalse(check(64));
        assertFalse(check(Cell.bytes(TEXT_MAX) + 64));
    }

    private boolean check(final long bytes) {
        return CellInvariants.check(memory, TEXT_AT, bytes).isEmpty();
    }

    private void set(final long value, final String text) {
        journal.begin();
        number.setLong(value);
        setTitle(text);
        journal.commit();
    }

    private void setTitle(final String text) {
        setTitleOf(title, text);
    }

    private static void setTitleOf(final Cell cell, final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        cell.setText(new UnsafeBuffer(bytes), 0, bytes.length);
    }

    private String ownTitle() {
        return new String(buffer.byteArray(), 0, title.getText(buffer, 0), StandardCharsets.UTF_8);
    }
}
