package io.coppice.pool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JournalTest extends JournalFixture {
    @Test
    void committedChangesStandAfterRecovery() {
        journal.begin();
        journal.putLong(STATE, 1);
        journal.putInt(STATE + 12, 2);
        journal.commit();

        assertFalse(attach().recover());
        assertEquals(1, memory.getLong(STATE));
        assertEquals(2, memory.getInt(STATE + 12));
        assertEquals(1, journal.commits());
        assertEquals(0, journal.rollbacks());
    }

    @Test
    void rollbackRestoresOverlappingRangesToTheOldestBytes() {
        journal.begin();
        scribble();
        journal.rollback();

        assertArrayEquals(before, state());
        assertFalse(journal.isActive());
        assertEquals(1, journal.rollbacks());
    }

    @Test
    void successorUndoesWhatWasCut() {
        journal.begin();
        scribble();

        assertTrue(attach().recover());
        assertArrayEquals(before, state());
        assertFalse(attach().recover(), "nothing is left to undo");
    }

    @Test
    void deferredStoresShowOnlyOnceCommittedAndTheLastOneWins() {
        journal.begin();
        final long old = memory.getLong(STATE + 8);
        journal.deferLong(STATE + 8, 5);
        journal.deferLong(STATE + 16, 6);
        journal.deferLong(STATE + 8, 7);
        assertEquals(old, memory.getLong(STATE + 8));
        assertEquals(2, arena.word(JOURNAL + JournalLayout.DEFERRED_COUNT));

        journal.commit();
        assertEquals(7, memory.getLong(STATE + 8));
        assertEquals(6, memory.getLong(STATE + 16));
    }

    @Test
    void rollbackForgetsDeferredStores() {
        journal.begin();
        journal.deferLong(STATE + 8, 5);
        journal.rollback();
        journal.begin();
        journal.commit();

        assertArrayEquals(before, state());
    }

    @Test
    void successorFinishesACommitThatWasCut() {
        journal.begin();
        journal.putLong(STATE, 3);
        journal.deferLong(STATE + 8, 5);
        arena.setWord(JOURNAL + JournalLayout.STATE, JournalLayout.COMMITTED);

        assertFalse(attach().recover(), "nothing was undone");
        assertEquals(3, memory.getLong(STATE));
        assertEquals(5, memory.getLong(STATE + 8));
    }

    @Test
    void defersStoresUntilTheyMeetTheEntriesAndNotOneMore() {
        final int most =
                (int) (JOURNAL_BYTES - JournalLayout.ENTRIES - JournalLayout.entryBytes(8))
                        / JournalLayout.DEFERRED_BYTES;
        journal.begin();
        journal.putLong(STATE, 1);
        for (int i = 0; i < most; i++) {
            journal.deferLong(STATE + 8L * (i % 100), i);
        }
        assertThrows(JournalFullException.class, () -> journal.deferLong(STATE + 3000, 1));
        assertThrows(JournalFullException.class, () -> journal.save(STATE + 3000, 8));
        assertThrows(IllegalStateException.class, () -> journal.commit());
        journal.rollback();
        assertArrayEquals(before, state());

        journal.begin();
        for (int i = 0; i < most; i++) {
            journal.deferLong(STATE + 8L * (i % 100), i);
        }
        journal.commit();
        for (int i = most - 100; i < most; i++) {
            assertEquals(i, memory.getLong(STATE + 8L * (i % 100)));
        }
    }

    @ParameterizedTest
    @CsvSource({"-1, 8", "8256, 1", "8250, 8", "0, -1", "0, 9223372036854775807"})
    void refusesToTouchARangeOutsideTheArena(final long offset, final long length) {
        journal.begin();
        assertThrows(RuntimeException.class, () -> journal.touch(offset, length));
        journal.commit();
        assertArrayEquals(before, state());
    }

    @ParameterizedTest
    @ValueSource(longs = {-8, ARENA_BYTES, ARENA_BYTES - 4, Long.MAX_VALUE, Long.MIN_VALUE, 12})
    void refusesToDeferAStoreThatCouldNotBeMadeAfterTheCommit(final long offset) {
        journal.begin();

        assertThrows(RuntimeException.class, () -> journal.deferLong(offset, 1));
        journal.commit();
        assertArrayEquals(before, state());
    }

    @Test
    void fullJournalIsAnErrorThatCanBeRolledBack() {
        journal.begin();
        journal.save(STATE, 1000);
        memory.fill(STATE, 1000, (byte) 1);

        final JournalFullException full =
                assertThrows(JournalFullException.class, () -> journal.save(STATE + 500, 3100));
        assertEquals(
                "the journal of 4032 bytes is full (this transaction needs 4136): raise \"journal\""
                        + " in the manifest, or commit more often",
                full.getMessage());
        journal.rollback();
        assertArrayEquals(before, state());
    }

    @Test
    void transactionThatOverflowedCannotBeCommittedByWhoeverSwallowedTheError() {
        journal.begin();
        journal.save(STATE, 8);
        memory.putLong(STATE, 1);
        assertThrows(JournalFullException.class, () -> journal.save(STATE, JOURNAL_BYTES));

        assertThrows(IllegalStateException.class, journal::commit);

        journal.rollback();
        assertArrayEquals(before, state());
        journal.begin();
        journal.commit();
    }

    @Test
    void journalCanBeFilledToItsLastByte() {
        final long most = JOURNAL_BYTES - JournalLayout.ENTRIES - JournalLayout.entryBytes(0);
        journal.begin();
        journal.save(STATE, most);
        memory.fill(STATE, most, (byte) 1);
        assertThrows(JournalFullException.class, () -> journal.save(STATE + 8, 0));
        assertTrue(attach().recover());

        assertArrayEquals(before, state());
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 8",
        "8256, 1",
        "8250, 8",
        "0, -1",
        "0, -9",
        "0, 9223372036854775807",
        "9223372036854775807, 8"
    })
    void refusesToSaveARangeOutsideTheArenaAndStaysUsable(final long offset, final long length) {
        journal.begin();

        assertThrows(RuntimeException.class, () -> journal.save(offset, length));
        assertEquals(0, arena.word(JOURNAL + JournalLayout.USED_BYTES));
        scribble();
        journal.rollback();
        assertArrayEquals(before, state());
    }

    @Test
    void everyStepNeedsItsTransaction() {
        assertThrows(IllegalStateException.class, () -> journal.save(STATE, 8));
        assertThrows(IllegalStateException.class, () -> journal.putLong(STATE, 8));
        assertThrows(IllegalStateException.class, () -> journal.putInt(STATE, 8));
        assertThrows(IllegalStateException.class, () -> journal.deferLong(STATE, 8));
        assertThrows(IllegalStateException.class, journal::commit);
        assertThrows(IllegalStateException.class, journal::rollback);
        journal.begin();
        assertThrows(IllegalStateException.class, journal::begin);
        assertTrue(journal.isActive());
    }

    @Test
    void refusesToBeginOverATransactionThatWasCut() {
        journal.begin();
        journal.putLong(STATE, 1);
        final Journal successor = attach();

        assertThrows(IllegalStateException.class, successor::begin);
        assertTrue(successor.recover());
        assertArrayEquals(before, state());
        successor.begin();
        successor.commit();
    }

    @Test
    void refusesAJournalTooSmallOrOutsideTheArena() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new Journal(memory, 0, JournalLayout.MIN_BYTES - 1));
        assertThrows(
                IndexOutOfBoundsException.class,
                () -> new Journal(memory, ARENA_BYTES - 4096 + 1, 4096));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 3, state",
        "0, -1, state",
        "8, -8, used",
        "8, 4040, used",
        "8, 9, used",
        "8, 9223372036854775800, used"
    })
    void damagedHeaderIsAnArenaExceptionThatStoresNothing(
            final int word, final long value, final String about) {
        cutInTheMiddle();
        arena.setWord(JOURNAL + word, value);

        assertDamageIsRefused(about);
    }

    @ParameterizedTest
    @CsvSource({
        // Two entries of 56 bytes: 40 saved bytes, the length, the offset.
        "48, -1, saves",
        "48, 8217, saves",
        "48, 9223372036854775807, saves",
        "40, -9000, saves",
        "40, 48, saves",
        "40, 32, has 8 bytes",
        "40, 9223372036854775807, saves",
        "96, 8220, saves",
        "96, 9223372036854775807, saves",
        "104, 8217, saves",
        "104, -9223372036854767559, saves"
    })
    void damagedEntryIsAnArenaExceptionThatStoresNothing(
            final int word, final long value, final String about) {
        journal.begin();
        journal.save(STATE, 40);
        journal.save(STATE + 40, 40);
        memory.fill(STATE, 80, (byte) 1);
        arena.setWord(JOURNAL + JournalLayout.ENTRIES + word, value);

        assertDamageIsRefused(about);
    }

    @ParameterizedTest
    @CsvSource({
        "count, 65000, deferred",
        "count, -1, deferred",
        "offset, -8, deferred store 1",
        "offset, 8256, deferred store 1",
        "offset, 12, deferred store 1",
        "offset, 9223372036854775800, deferred store 1"
    })
    void damagedDeferredStoreIsAnArenaExceptionThatStoresNothing(
            final String which, final long value, final String about) {
        final long word =
                "count".equals(which)
                        ? JournalLayout.DEFERRED_COUNT
                        : JournalLayout.deferred(JOURNAL_BYTES, 1) + JournalLayout.DEFERRED_OFFSET;
        journal.begin();
        journal.deferLong(STATE, 1);
        journal.deferLong(STATE + 8, 1);
        arena.setWord(JOURNAL + JournalLayout.STATE, JournalLayout.COMMITTED);
        arena.setWord(JOURNAL + word, value);

        assertDamageIsRefused(about);
    }

    @Test
    void randomDamageNeverStoresOutsideTheArenaNorEscapesAsAnotherError() {
        final long seed = System.nanoTime();
        final Random random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            cutInTheMiddle();
            for (int i = random.nextInt(4); i >= 0; i--) {
                final int place = random.nextInt((JournalLayout.ENTRIES + 256) / 8 + 4);
                final long word =
                        JOURNAL + 8L * (place < 4 ? JOURNAL_BYTES / 8 - 1 - place : place);
                arena.setWord(
                        word, random.nextBoolean() ? random.nextLong() : random.nextInt(9000));
            }
            try {
                attach().recover();
            } catch (final ArenaException damaged) {
                assertEquals(1, damaged.getMessage().lines().count());
            } catch (final RuntimeException escaped) {
                throw new AssertionError("seed " + seed + ", round " + round, escaped);
            }
            arena.setImage(0, new byte[STATE]);
            arena.setImage(STATE, before);
            journal.recover();
        }
    }

    private void assertDamageIsRefused(final String about) {
        final byte[] damagedState = arena.image();
        final String refusal =
                assertThrows(ArenaException.class, () -> attach().recover()).getMessage();
        assertTrue(refusal.startsWith("journal: ") && refusal.contains(about), refusal);
        assertArrayEquals(damagedState, arena.image());
    }

    private void cutInTheMiddle() {
        journal.begin();
        scribble();
        journal.deferLong(STATE, 9);
    }

    private void scribble() {
        journal.putLong(STATE + 100, 1);
        journal.save(STATE + 90, 33);
        memory.fill(STATE + 90, 33, (byte) 2);
        journal.putInt(STATE + 102, 3);
        journal.save(STATE, 0);
        journal.putLong(STATE + 100, 4);
    }
}
