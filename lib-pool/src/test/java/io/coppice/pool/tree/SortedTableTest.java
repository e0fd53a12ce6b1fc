package io.coppice.pool.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Allocations;
import io.coppice.pool.ArenaException;
import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import io.coppice.pool.StructureFullException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SortedTableTest {
    private static final int CAPACITY = 500;

    private final TreeFixture fixture = new TreeFixture(CAPACITY, 1 << 16, 0);
    private final Memory memory = fixture.arena.memory();
    private final Journal journal = fixture.journal(memory);
    private final SortedTable table = fixture.attach(journal, memory);

    @AfterEach
    void free() {
        fixture.close();
    }

    @Test
    void anEmptyTableHasNothingToFind() {
        final Cursor cursor = table.cursor();

        assertEquals(SortedTable.MISSING, table.find(1));
        assertFalse(cursor.first() || cursor.last() || cursor.floor(1) || cursor.ceiling(1));
        fixture.check(Map.of(), "empty");
    }

    @Test
    void findsFloorAndCeilingAndWalksBothWays() {
        insertAll(10, 20, 30, 40, 50, 60, 70, 80, 90);
        final Cursor cursor = table.cursor();

        assertTrue(cursor.floor(35));
        assertEquals(30, cursor.key());
        assertTrue(cursor.ceiling(35));
        assertEquals(40, cursor.key());
        assertTrue(cursor.previous());
        assertEquals(30, cursor.key());
        assertTrue(cursor.floor(30));
        assertEquals(30, cursor.key());
        assertFalse(cursor.ceiling(91));
        assertTrue(cursor.previous());
        assertEquals(90, cursor.key());
        assertFalse(cursor.next());
        assertFalse(cursor.floor(9));
        assertTrue(cursor.next());
        assertEquals(10, cursor.key());
        assertTrue(cursor.seek(60));
        assertFalse(cursor.seek(61));
        assertEquals(70, cursor.key());
    }

    @Test
    void negativeKeysComeFirst() {
        insertAll(0, Long.MIN_VALUE, Long.MAX_VALUE, -1);

        assertEquals(
                List.of(Long.MIN_VALUE, -1L, 0L, Long.MAX_VALUE),
                List.copyOf(fixture.contents().keySet()));
    }

    @Test
    void insertsWhatIsNewAndUpdatesAndRemovesWhatIsThere() {
        insertAll(1);
        journal.begin();

        assertFalse(fixture.insert(table, 1, 5));
        assertFalse(fixture.update(table, 2, 5));
        assertFalse(table.remove(2));
        assertTrue(fixture.update(table, 1, 6));
        journal.commit();

        fixture.check(Map.of(1L, 6L), "updated");
        assertTrue(table.get(1, fixture.value, 0));
        assertEquals(6, fixture.value.getLong(0));
    }

    @Test
    void whateverTheOrderAnInsertBelowTheCapacityFindsANode() {
        for (final int step : new int[] {1, CAPACITY - 1, 7}) {
            final NavigableMap<Long, Long> model = new TreeMap<>();
            for (int i = 0; i < CAPACITY; i++) {
                put(model, (long) i * step % CAPACITY);
            }
            fixture.check(model, "full, by steps of " + step);
            final StructureFullException full =
                    assertThrows(StructureFullException.class, () -> insertAll(CAPACITY));
            assertEquals(
                    "prices: full, it holds 500 records; raise \"prices\" under \"capacities\" in"
                            + " the manifest",
                    full.getMessage());
            journal.rollback();
            fixture.check(model, "still full");
            for (int i = 0; i < CAPACITY; i++) {
                journal.begin();
                assertTrue(table.remove((long) i * 13 % CAPACITY));
                journal.commit();
                assertEquals(List.of(), fixture.invariants());
            }
            fixture.check(Map.of(), "emptied");
        }
        assertEquals(CAPACITY, table.highWater());
    }

    @Test
    void aCursorGoesOnFromItsKeyAfterChangesAndRollbacks() {
        insertAll(1, 2, 3, 4, 5, 6, 7, 8, 9);
        final Cursor cursor = table.cursor();
        assertTrue(cursor.seek(3));
        journal.begin();
        for (long key = 1; key <= 6; key++) {
            table.remove(key);
        }

        assertThrows(IllegalStateException.class, cursor::valueOffset);
        assertTrue(cursor.next());
        assertEquals(7, cursor.key());
        journal.rollback();
        assertTrue(cursor.previous());
        assertEquals(6, cursor.key());
    }

    @Test
    void aCursorIsNotFooledByTheSameNumberOfChangesAfterARollbackToASavepoint() {
        insertAll(1, 2, 3, 4, 5, 6);
        final Cursor cursor = table.cursor();
        journal.begin();
        final int savepoint = journal.savepoint();
        table.remove(2);
        assertTrue(cursor.seek(3));
        journal.rollbackTo(savepoint);

        assertTrue(cursor.previous());
        assertEquals(2, cursor.key());
        journal.commit();
    }

    @Test
    void aWalkThatRemovesWhatItMeetsMeetsEverything() {
        for (long key = 0; key < 300; key++) {
            insertAll(key);
        }
        final Cursor cursor = table.cursor();
        int met = 0;
        for (boolean at = cursor.first(); at; at = cursor.next()) {
            journal.begin();
            assertTrue(table.remove(cursor.key()));
            journal.commit();
            met++;
        }

        assertEquals(300, met);
        fixture.check(Map.of(), "emptied");
    }

    @Test
    void aCursorMayGoBackAndForthForever() {
        for (long key = 0; key < 100; key++) {
            insertAll(key);
        }
        final Cursor cursor = table.cursor();
        for (int walk = 0; walk < 100; walk++) {
            int met = 0;
            while (cursor.next()) {
                met++;
            }
            while (cursor.previous()) {
                met++;
            }
            assertEquals(200, met);
        }
    }

    @Test
    void refusesChangesOutsideATransactionAndKeysOfTheOtherKind() {
        assertThrows(IllegalStateException.class, () -> fixture.insert(table, 1, 1));
        assertThrows(IllegalStateException.class, () -> table.remove(1));
        assertThrows(IllegalStateException.class, () -> fixture.update(table, 1, 1));
        assertThrows(
                IllegalArgumentException.class, () -> table.find(TreeFixture.text("one"), 0, 3));
    }

    @Test
    void byteStringsAreInTheOrderOfTheirUnsignedBytes() {
        try (TreeFixture texts = new TreeFixture(400, 1 << 16, 13)) {
            final Journal log = texts.journal(texts.arena.memory());
            final SortedTable words = texts.attach(log, texts.arena.memory());
            final List<byte[]> keys = byteStrings();
            for (final byte[] key : keys) {
                log.begin();
                assertTrue(words.insert(new UnsafeBuffer(key), 0, key.length, texts.value, 0));
                log.commit();
            }
            assertEquals(List.of(), texts.invariants());
            keys.sort(Arrays::compareUnsigned);

            final UnsafeBuffer found = new UnsafeBuffer(new byte[13]);
            final Cursor cursor = words.cursor();
            boolean at = cursor.first();
            for (final byte[] key : keys) {
                assertTrue(at);
                final byte[] met = new byte[cursor.key(found, 0)];
                found.getBytes(0, met);
                assertEquals(hex(key), hex(met));
                at = cursor.next();
            }
            assertFalse(at);
            final String message =
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> words.find(TreeFixture.text("fourteen bytes"), 0, 14))
                            .getMessage();
            assertEquals("prices: a key of 14 bytes, at most are 13", message);
        }
    }

    private static List<byte[]> byteStrings() {
        final List<byte[]> keys = new ArrayList<>();
        final Random random = new Random(4);
        final NavigableMap<String, byte[]> unique = new TreeMap<>();
        while (unique.size() < 300) {
            final byte[] key = new byte[random.nextInt(14)];
            for (int i = 0; i < key.length; i++) {
                key[i] = (byte) (random.nextInt(3) - 1);
            }
            unique.put(hex(key), key);
        }
        keys.addAll(unique.values());
        return keys;
    }

    private static String hex(final byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void operationsAllocateNothing() {
        final Cursor cursor = table.cursor();
        final long allocatedBytes =
                Allocations.bytesOf(
                        50_000,
                        round -> {
                            journal.begin();
                            fixture.insert(table, round % CAPACITY, round);
                            fixture.update(table, round % 7, round);
                            table.get(round % 11, fixture.value, 0);
                            for (boolean at = cursor.ceiling(round % 300), more = true;
                                    at && more;
                                    at = cursor.next()) {
                                more = cursor.key() % 5 != 0;
                            }
                            table.remove((round + 250L) % CAPACITY);
                            if (round % 16 == 0) {
                                journal.rollback();
                            } else {
                                journal.commit();
                            }
                        });

        assertEquals(0, allocatedBytes);
        assertEquals(List.of(), fixture.invariants());
    }

    @Test
    void attachSaysWhatIsWrongWithTheGeometry() {
        memory.putLong(fixture.journalBytes + SortedTableLayout.NODE_BYTES, 96);

        final ArenaException wrong =
                assertThrows(ArenaException.class, () -> fixture.attach(journal, memory));

        assertEquals("prices: nodes of 96 bytes", wrong.getMessage());
    }

    @Test
    void theSizesOfAnOrdinaryTableAreReasonable() {
        assertEquals(512, SortedTableLayout.nodeBytes(0, 24));
        assertTrue(SortedTable.bytes(200_000, 0, 24) < 200_000L * 80);
        assertThrows(IllegalArgumentException.class, () -> SortedTable.bytes(0, 0, 8));
        assertThrows(IllegalArgumentException.class, () -> SortedTable.bytes(1, 0, -1));
    }

    private void insertAll(final long... keys) {
        journal.begin();
        for (final long key : keys) {
            fixture.insert(table, key, key);
        }
        journal.commit();
    }

    private void put(final Map<Long, Long> model, final long key) {
        insertAll(key);
        model.put(key, key);
    }
}
