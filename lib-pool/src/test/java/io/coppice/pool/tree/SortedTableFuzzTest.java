package io.coppice.pool.tree;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Journal;
import io.coppice.pool.JournalFullException;
import io.coppice.pool.Memory;
import io.coppice.pool.StructureFullException;
import java.time.Duration;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** Damages tables: everything ends, and nothing but an {@link ArenaException} comes of it. */
class SortedTableFuzzTest {
    private static final int ROUNDS = 20_000;
    private static final int RECORDS = 100;

    @Test
    void damagedTablesAreReportedAndNeverFollowed() {
        final long seed = Long.getLong("coppice.seed", System.nanoTime());
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> fuzz(seed), "seed " + seed);
    }

    /** One that was found by chance, rarely. */
    @Test
    void anInnerNodeWithoutChildrenIsReportedByAnInsert() {
        try (TreeFixture fixture = new TreeFixture(RECORDS, 1 << 16, 0)) {
            final Memory memory = fixture.arena.memory();
            final Journal journal = fixture.journal(memory);
            final SortedTable table = fixture.attach(journal, memory);
            journal.begin();
            for (int key = 0; key < 12; key++) {
                fixture.insert(table, key, key);
            }
            final long root = memory.getLong(fixture.journalBytes + SortedTableLayout.ROOT);
            memory.putInt(
                    fixture.journalBytes
                            + SortedTableLayout.NODES
                            + (root - 1) * TreeFixture.NODE_BYTES
                            + SortedTableLayout.NODE_ENTRIES,
                    0);

            assertThrows(ArenaException.class, () -> fixture.insert(table, -1, 0));
            assertThrows(ArenaException.class, () -> table.remove(1));
        }
    }

    @Test
    void aTruncatedRegionAndZeroesAreReported() {
        try (TreeFixture fixture = new TreeFixture(RECORDS, 1 << 16, 0)) {
            final Memory memory = fixture.arena.memory();
            for (long bytes = 0; bytes < fixture.bytes; bytes += 8) {
                assertFalse(
                        SortedTableInvariants.check(memory, fixture.journalBytes, bytes).isEmpty());
            }
            memory.fill(fixture.journalBytes, fixture.bytes, (byte) 0);
            assertFalse(fixture.invariants().isEmpty());
            assertFalse(
                    SortedTableInvariants.check(memory, memory.bytes(), fixture.bytes).isEmpty());
        }
    }

    private static void fuzz(final long seed) {
        final Random random = new Random(seed);
        try (TreeFixture fixture = new TreeFixture(RECORDS, 1 << 16, 0)) {
            final Memory memory = fixture.arena.memory();
            final Journal journal = fixture.journal(memory);
            final SortedTable table = fixture.attach(journal, memory);
            journal.begin();
            for (int i = 0; i < RECORDS - 20; i++) {
                fixture.insert(table, random.nextInt(), i);
            }
            journal.commit();
            final byte[] sound = fixture.arena.image();
            for (int round = 0; round < ROUNDS; round++) {
                fixture.arena.setImage(0, sound);
                for (int damages = 1 + random.nextInt(4); damages > 0; damages--) {
                    damage(memory, fixture, random);
                }
                fixture.invariants();
                try {
                    use(fixture, memory, random);
                } catch (final ArenaException
                        | StructureFullException
                        | JournalFullException reported) {
                    // That is what it should do.
                }
            }
        } catch (final AssertionError | RuntimeException failure) {
            throw new AssertionError("-Dcoppice.seed=" + seed + ": " + failure, failure);
        }
    }

    private static void damage(
            final Memory memory, final TreeFixture fixture, final Random random) {
        final int region = (int) (random.nextBoolean() ? SortedTableLayout.NODES : fixture.bytes);
        final long word = fixture.journalBytes + random.nextInt(region / Long.BYTES) * 8L;
        if (random.nextBoolean()) {
            memory.putByte(word + random.nextInt(8), (byte) random.nextInt());
        } else {
            memory.putLong(word, random.nextInt(40) - 2);
        }
    }

    private static void use(final TreeFixture fixture, final Memory memory, final Random random) {
        final Journal journal = fixture.journal(memory);
        final SortedTable table = fixture.attach(journal, memory);
        final Cursor cursor = table.cursor();
        // Values of another size than the fixture's are damage as well.
        final UnsafeBuffer value = new UnsafeBuffer(new byte[table.valueBytes()]);
        if (table.keyBytesMax() != 0) {
            return;
        }
        walk(cursor, random.nextBoolean());
        journal.begin();
        for (int i = 0; i < 10; i++) {
            table.insert(random.nextInt(), value, 0);
            if (cursor.ceiling(random.nextInt())) {
                table.update(cursor.key(), value, 0);
                table.remove(cursor.key());
            }
        }
        journal.rollback();
    }

    private static void walk(final Cursor cursor, final boolean up) {
        boolean at = up ? cursor.first() : cursor.last();
        while (at) {
            cursor.key();
            cursor.valueOffset();
            at = up ? cursor.next() : cursor.previous();
        }
    }
}
