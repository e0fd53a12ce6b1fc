package io.coppice.pool.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.KillEverywhere;
import io.coppice.pool.Memory;
import io.coppice.pool.TestArena;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Kills root at every store into a death history, and its successors while they copy it. */
@Tag("cuts")
class DeathHistoryKillTest {
    private static final long NEXT_BOARD = DeathHistoryLayout.BYTES;

    private final TestArena arena = new TestArena(2 * NEXT_BOARD);

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void aDeathIsWrittenDownWholeOrNotAtAll() {
        long points = 0;
        for (final int before :
                new int[] {0, 1, DeathHistoryLayout.SHOWN, DeathHistoryLayout.KEPT + 3}) {
            for (int death = 1; death <= before; death++) {
                DeathHistory.add(arena.memory(), 0, death, death, ExitClass.CODE, death);
            }
            final List<Death> old = DeathHistory.read(arena.memory(), 0);
            points += kill(before, old);
            arena.setImage(0, new byte[(int) (2 * NEXT_BOARD)]);
        }
        assertTrue(points > 1_000, "" + points);
    }

    private long kill(final int before, final List<Death> old) {
        final List<Death> both = new ArrayList<>(old);
        both.add(new Death(99, 99, ExitClass.SIGNAL, 137));
        final List<Death> after =
                both.subList(Math.max(0, both.size() - DeathHistoryLayout.SHOWN), both.size());
        return new KillEverywhere(
                        "DeathHistory.add after " + before,
                        arena,
                        memory -> DeathHistory.add(memory, 0, 99, 99, ExitClass.SIGNAL, 137),
                        DeathHistoryKillTest::takeOver,
                        (memory, where) -> {
                            final List<Death> found = DeathHistory.read(memory, NEXT_BOARD);
                            assertTrue(found.equals(old) || found.equals(after), where + found);
                            assertEquals(found, DeathHistory.read(memory, 0), where);
                            assertEquals(List.of(), DeathHistoryInvariants.check(memory, 0), where);
                            assertEquals(
                                    List.of(),
                                    DeathHistoryInvariants.check(memory, NEXT_BOARD),
                                    where);
                        })
                .run();
    }

    private static void takeOver(final Memory memory) {
        DeathHistory.copy(memory, NEXT_BOARD, DeathHistory.read(memory, 0));
    }
}
