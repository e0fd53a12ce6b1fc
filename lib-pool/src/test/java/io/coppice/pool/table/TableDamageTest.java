package io.coppice.pool.table;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Journal;
import io.coppice.pool.TestArena;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A table of which nothing can be trusted is reported, whatever its bytes are. */
@Timeout(value = 60, unit = SECONDS)
class TableDamageTest {
    private static final int JOURNAL_BYTES = 8192;
    private static final int CAPACITY = 20;
    private static final int KEY_BYTES_MAX = 12;
    private static final int ROUNDS = 20_000;
    private static final long BYTES = Table.bytes(CAPACITY, KEY_BYTES_MAX, 16);

    private final TestArena arena = new TestArena(JOURNAL_BYTES + BYTES);
    private final UnsafeBuffer key =
            new UnsafeBuffer("abcdefghijklmnop".getBytes(StandardCharsets.US_ASCII));
    private final UnsafeBuffer into = new UnsafeBuffer(new byte[16]);
    private byte[] sound;

    @BeforeEach
    void fill() {
        arena.setImage(0, new byte[(int) (JOURNAL_BYTES + BYTES)]);
        final Journal journal = new Journal(arena.memory(), 0, JOURNAL_BYTES);
        journal.recover();
        final Table table =
                Table.layOut(
                        "names",
                        journal,
                        arena.memory(),
                        JOURNAL_BYTES,
                        CAPACITY,
                        KEY_BYTES_MAX,
                        16);
        journal.begin();
        for (int length = 0; length <= KEY_BYTES_MAX; length++) {
            table.insert(key, 0, length);
        }
        journal.commit();
        journal.begin();
        table.remove(key, 0, 3);
        table.remove(key, 0, 7);
        journal.commit();
        sound = arena.image();
    }

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void flippedBytesAreReportedAndNeverThrown() {
        final long seed = Long.getLong("coppice.seed", System.nanoTime());
        final Random random = new Random(seed);
        int reported = 0;
        for (int round = 0; round < ROUNDS; round++) {
            arena.setImage(0, sound);
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                final long word = JOURNAL_BYTES + 8L * random.nextInt((int) BYTES / 8);
                final long bits =
                        random.nextBoolean() ? random.nextLong() : 1L << random.nextInt(64);
                arena.setWord(word, random.nextBoolean() ? bits : arena.word(word) ^ bits);
            }
            try {
                reported += TableInvariants.check(arena.memory(), JOURNAL_BYTES, BYTES).size();
                attachAndRead();
            } catch (final RuntimeException thrown) {
                throw new AssertionError("-Dcoppice.seed=" + seed + ", round " + round, thrown);
            }
        }
        assertTrue(reported > ROUNDS / 10, "only " + reported + " lines were reported");
    }

    @Test
    void zeroesRubbishAndWhatIsTooShortAreRefused() {
        assertEquals(List.of(), TableInvariants.check(arena.memory(), JOURNAL_BYTES, BYTES));
        for (long bytes = -64; bytes < BYTES; bytes += 64) {
            final long shorter = bytes;
            assertEquals(1, TableInvariants.check(arena.memory(), JOURNAL_BYTES, shorter).size());
            assertThrows(
                    ArenaException.class,
                    () -> TableReader.attach("names", arena.memory(), JOURNAL_BYTES, shorter));
        }
        for (final long offset : new long[] {-64, 1, Long.MAX_VALUE, Long.MIN_VALUE, 64}) {
            assertEquals(1, TableInvariants.check(arena.memory(), offset, BYTES).size());
            assertEquals(1, TableInvariants.check(arena.memory(), offset, Long.MAX_VALUE).size());
        }
        arena.setImage(JOURNAL_BYTES, new byte[(int) BYTES]);
        assertFalse(TableInvariants.check(arena.memory(), JOURNAL_BYTES, BYTES).isEmpty());
    }

    @Test
    void everyWordOfTheIndexAndOfTheHeadsThatIsWrongIsReported() {
        for (long at = JOURNAL_BYTES + TableLayout.INDEX;
                at < JOURNAL_BYTES + TableLayout.INDEX + 32 * 8;
                at += 8) {
            arena.setImage(0, sound);
            arena.setWord(at, arena.word(at) ^ 1L << 40 ^ 3);

            assertFalse(
                    TableInvariants.check(arena.memory(), JOURNAL_BYTES, BYTES).isEmpty(),
                    "offset " + at);
        }
    }

    @Test
    void anIndexWithoutAnEmptyWordIsAnErrorAndNoLoop() {
        for (long i = 0; i < 32; i++) {
            arena.setWord(JOURNAL_BYTES + TableLayout.INDEX + 8 * i, 0x1234_5678_0000_0001L);
        }
        final TableReader reader =
                TableReader.attach("names", arena.memory(), JOURNAL_BYTES, BYTES);
        final Journal journal = new Journal(arena.memory(), 0, JOURNAL_BYTES);
        final Table table = Table.attach("names", journal, arena.memory(), JOURNAL_BYTES, BYTES);

        assertThrows(ArenaException.class, () -> reader.read(key, 0, 3, into, 0, 0));
        assertThrows(ArenaException.class, () -> table.find(key, 0, 3));
    }

    private void attachAndRead() {
        try {
            final TableReader reader =
                    TableReader.attach("names", arena.memory(), JOURNAL_BYTES, BYTES);
            reader.forEach((number, record, keyIndex, keyLength, valueIndex) -> {}, 0);
            for (int length = 0; length <= KEY_BYTES_MAX; length++) {
                reader.read(key, 0, length, into, 0, 0);
            }
            final Journal journal = new Journal(arena.memory(), 0, JOURNAL_BYTES);
            journal.recover();
            final Table table =
                    Table.attach("names", journal, arena.memory(), JOURNAL_BYTES, BYTES);
            for (int length = 0; length <= KEY_BYTES_MAX; length++) {
                table.find(key, 0, length);
            }
        } catch (final ArenaException damaged) {
            assertFalse(damaged.getMessage().contains("\n"));
        }
    }
}
