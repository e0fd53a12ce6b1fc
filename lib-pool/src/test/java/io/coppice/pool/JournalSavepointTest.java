package io.coppice.pool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What structures build on: savepoints, stamps, words saved once, what a commit has changed. */
class JournalSavepointTest extends JournalFixture {
    @Test
    void aWordThatMovesAgainAndAgainTakesOnePlace() {
        journal.begin();
        for (int i = 0; i < 100_000; i++) {
            journal.deferLong(STATE, i);
            assertEquals(i, journal.deferredLong(STATE, -1));
        }
        assertEquals(-1, journal.deferredLong(STATE + 8, -1));
        assertEquals(1, arena.word(JOURNAL + JournalLayout.DEFERRED_COUNT));
    }

    @Test
    void aWordThatIsWrittenAgainIsSavedOnce() {
        journal.begin();
        journal.putLong(STATE + 16, 1);
        final long used = arena.word(JOURNAL + JournalLayout.USED_BYTES);
        for (int i = 0; i < 100_000; i++) {
            journal.putLong(STATE + 16, i);
        }
        journal.save(STATE + 16, 8);
        assertEquals(used, arena.word(JOURNAL + JournalLayout.USED_BYTES));
        journal.save(STATE + 16, 16);
        assertTrue(arena.word(JOURNAL + JournalLayout.USED_BYTES) > used, "a longer range");

        journal.rollback();
        assertArrayEquals(before, state());
        journal.begin();
        journal.putLong(STATE + 16, 2);
        assertEquals(
                JournalLayout.entryBytes(8),
                arena.word(JOURNAL + JournalLayout.USED_BYTES),
                "the last transaction's saves are of no use to this one");
        journal.rollback();
        assertArrayEquals(before, state());
    }

    @Test
    void noWordIsTakenForSavedHoweverManyTransactionsAgoItWas() {
        // More than the stamps that the memory of saved words tells apart.
        for (int i = 0; i < 1_100_000; i++) {
            journal.begin();
            if (i % 100_000 == 0 || i > 1_048_500 && i < 1_048_700) {
                journal.putLong(STATE + 16, i);
                journal.rollback();
                assertArrayEquals(before, state(), "transaction " + i);
            } else {
                journal.commit();
            }
        }
    }

    @Test
    void aSavepointUndoesWhatCameAfterItAndNothingElse() {
        journal.begin();
        journal.putLong(STATE, 1);
        journal.deferLong(STATE + 8, 2);
        final int outer = journal.savepoint();
        journal.putLong(STATE, 3);
        journal.putLong(STATE + 16, 4);
        journal.deferLong(STATE + 8, 5);
        final int inner = journal.savepoint();
        journal.putLong(STATE + 16, 6);
        journal.rollbackTo(inner);
        assertEquals(4, memory.getLong(STATE + 16));
        assertEquals(5, journal.deferredLong(STATE + 8, -1));
        assertThrows(IllegalArgumentException.class, () -> journal.rollbackTo(inner));

        journal.savepoint();
        journal.rollbackTo(outer);
        assertEquals(1, memory.getLong(STATE));
        assertEquals(0, journal.savepoints());
        journal.putLong(STATE + 24, 7);
        journal.commit();
        assertEquals(1, memory.getLong(STATE));
        assertEquals(2, memory.getLong(STATE + 8));
        assertArrayEquals(java.util.Arrays.copyOfRange(before, 16, 24), arena.image(STATE + 16, 8));
        assertEquals(7, memory.getLong(STATE + 24));
    }

    @Test
    void aFullJournalHasRoomAgainAfterASavepoint() {
        journal.begin();
        journal.putLong(STATE, 1);
        final int savepoint = journal.savepoint();
        assertThrows(JournalFullException.class, () -> journal.save(STATE, STATE_BYTES));
        journal.rollbackTo(savepoint);
        journal.commit();
        assertEquals(1, memory.getLong(STATE));
    }

    @Test
    void noSavepointHidesThatTheJournalWasFullBefore() {
        journal.begin();
        final int savepoint = journal.savepoint();
        assertThrows(JournalFullException.class, () -> journal.save(STATE, STATE_BYTES));
        assertThrows(IllegalStateException.class, journal::savepoint);
        assertThrows(IllegalStateException.class, journal::commit);
        journal.rollbackTo(savepoint);
        journal.savepoint();
        journal.commit();
    }

    @Test
    void nestsAsManySavepointsAsItSays() {
        journal.begin();
        for (int i = 0; i < Journal.SAVEPOINTS_MAX; i++) {
            assertEquals(i, journal.savepoint());
            journal.putLong(STATE, i);
        }
        assertThrows(IllegalStateException.class, journal::savepoint);
        journal.rollbackTo(Journal.SAVEPOINTS_MAX / 2);
        assertEquals(Journal.SAVEPOINTS_MAX / 2 - 1, memory.getLong(STATE));
        journal.rollback();
        assertArrayEquals(before, state());
    }

    @Test
    void aSavedWordCanHaveAnotherValueAfterTheRollback() {
        journal.begin();
        journal.saveAs(STATE + 8, 42);
        memory.putLong(STATE + 8, 41);
        journal.rollback();
        assertEquals(42, memory.getLong(STATE + 8));

        journal.begin();
        journal.saveAs(STATE + 8, 44);
        memory.putLong(STATE + 8, 43);
        assertTrue(attach().recover());
        assertEquals(44, memory.getLong(STATE + 8));
    }

    @Test
    void showsEveryRangeThatATransactionChanged() {
        final List<String> ranges = new ArrayList<>();
        final JournalListener replica =
                new JournalListener() {
                    @Override
                    public void onCommit() {
                        journal.forEachChange(
                                (offset, length) ->
                                        ranges.add(
                                                offset
                                                        - STATE
                                                        + "+"
                                                        + length
                                                        + "="
                                                        + memory.getByte(offset)));
                    }

                    @Override
                    public void onRollback() {
                        ranges.add("rollback");
                    }
                };
        journal.addListener(replica);
        journal.begin();
        journal.putLong(STATE + 8, 5);
        journal.touch(STATE + 100, 24);
        memory.fill(STATE + 100, 24, (byte) 6);
        journal.deferLong(STATE + 40, 7);
        journal.commit();
        assertEquals(List.of("100+24=6", "8+8=5", "40+8=7"), ranges);

        ranges.clear();
        journal.begin();
        journal.touch(STATE, 8);
        journal.rollback();
        assertEquals(List.of("rollback"), ranges);
    }

    @Test
    void stampsAreNeverGivenOutTwiceAndNameTheirTransaction() {
        final Set<Long> stamps = new HashSet<>();
        final Journal other = new Journal(memory, JOURNAL, JOURNAL_BYTES, 7);
        for (final Journal each : List.of(journal, other)) {
            for (int i = 0; i < 10; i++) {
                each.begin();
                final long first = each.stamp();
                assertTrue(stamps.add(first));
                each.savepoint();
                assertTrue(stamps.add(each.stamp()));
                assertTrue(each.isOwn(first) && each.isOwn(each.stamp()));
                if (i % 3 == 0) {
                    each.rollback();
                } else if (i % 3 == 1) {
                    each.commit();
                } else {
                    assertTrue(attach().recover());
                    each.recover();
                }
                assertFalse(each.isOwn(first), "it is over");
                each.begin();
                assertFalse(each.isOwn(first), "it is another's");
                assertTrue(stamps.add(each.stamp()));
                each.commit();
            }
        }
        assertFalse(stamps.contains(0L));
        assertThrows(IllegalStateException.class, journal::stamp);
    }
}
