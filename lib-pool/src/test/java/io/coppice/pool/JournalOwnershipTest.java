package io.coppice.pool;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.block.BlockPool;
import io.coppice.pool.cell.Cell;
import io.coppice.pool.log.RecordLog;
import io.coppice.pool.table.Table;
import io.coppice.pool.tree.SortedTable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A journal has one thread and one arena, and an end. */
final class JournalOwnershipTest extends JournalFixture {
    @Test
    void anotherThreadThanTheWritersIsRefusedAndChangesNothing() throws InterruptedException {
        journal.begin();
        journal.putLong(STATE, 7);
        final byte[] image = arena.image();
        for (final Executable call :
                new Executable[] {
                    () -> journal.save(STATE + 8, 16),
                    () -> journal.putLong(STATE + 8, 1),
                    () -> journal.deferLong(STATE + 8, 1),
                    journal::savepoint,
                    journal::commit,
                    journal::rollback
                }) {
            assertEquals(
                    "thread \"stranger\" writes, but the journal is that of thread \""
                            + Thread.currentThread().getName()
                            + "\": hand the change over to it",
                    refusalOfAStranger(call));
        }
        assertArrayEquals(image, arena.image());
        journal.commit();
        final String refusal = refusalOfAStranger(journal::begin);
        assertTrue(refusal.contains("hand the change over to it"), refusal);
        assertEquals(7, memory.getLong(STATE));
    }

    @Test
    void theFirstTransactionChoosesTheThread() throws InterruptedException {
        assertNull(
                refusalOfAStranger(
                        () -> {
                            journal.begin();
                            journal.commit();
                        }));
        assertThrows(IllegalStateException.class, journal::begin);
    }

    @Test
    void aClosedJournalBeginsNothingAndLeavesWhatIsUnderWayToRecovery() {
        journal.begin();
        journal.putLong(STATE, 7);
        journal.close();

        assertThrows(IllegalStateException.class, () -> journal.putLong(STATE, 8));
        assertThrows(IllegalStateException.class, journal::commit);
        assertEquals(
                "the arena was closed: nothing is stored any more",
                assertThrows(IllegalStateException.class, journal::begin).getMessage());
        assertTrue(attach().recover());
        assertArrayEquals(before, state());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("structuresInAnotherArena")
    void aStructureOfAnotherArenaIsRefused(final String name, final Maker maker) {
        try (TestArena other = new TestArena(1 << 16)) {
            final String refusal =
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> maker.make(journal, other.memory()))
                            .getMessage();
            assertTrue(
                    refusal.contains(
                            ": lies in another arena than the journal: only the processes of its own"
                                    + " daemon write into an arena; send the daemon a message"),
                    refusal);
        }
    }

    static Stream<Arguments> structuresInAnotherArena() {
        return Stream.of(
                structure("region", (j, m) -> new JournaledBuffer(j, m, 0, 64)),
                structure("table", (j, m) -> Table.layOut("t", j, m, 0, 8, 0, 8)),
                structure("sorted table", (j, m) -> SortedTable.layOut("s", j, m, 0, 8, 0, 8)),
                structure("log", (j, m) -> RecordLog.layOut("l", j, m, 0, 1024)),
                structure("cell", (j, m) -> Cell.layOutLong("c", j, m, 0)),
                structure("blocks", (j, m) -> BlockPool.layOut("b", j, m, 0, 4, 64, 2, 4)));
    }

    private static Arguments structure(final String name, final Maker maker) {
        return Arguments.of(name, maker);
    }

    /** Returns what another thread was told, or null where the call went well. */
    private static String refusalOfAStranger(final Executable call) throws InterruptedException {
        final AtomicReference<String> refusal = new AtomicReference<>();
        final Thread stranger =
                new Thread(
                        () -> {
                            try {
                                call.execute();
                            } catch (final Throwable refused) {
                                refusal.set(refused.getMessage());
                            }
                        },
                        "stranger");
        stranger.start();
        stranger.join();
        return refusal.get();
    }

    /** Makes a structure. */
    interface Maker {
        void make(Journal journal, Memory arena);
    }
}
