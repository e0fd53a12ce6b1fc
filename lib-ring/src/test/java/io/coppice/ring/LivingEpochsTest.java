package io.coppice.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.board.BoardWriter;
import io.coppice.pool.plan.TreePlan;
import io.coppice.ring.request.LivingEpochs;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is dead by the board, also while a standby goes on and root has not noticed. */
class LivingEpochsTest {
    private static final int SLOT = 1;

    @TempDir Path folder;

    private BoardWriter board;
    private LivingEpochs living;

    @BeforeEach
    void serving() {
        board =
                BoardWriter.create(
                        OperatingSystem.current(),
                        folder,
                        new TreePlan("test", 0, 0, List.of(TestTree.readerPlan(0))));
        living = LivingEpochs.on(board.reader());
        board.word(SLOT, BoardWord.EPOCH, 5);
    }

    @Test
    void oneLivesUntilItsExitIsThere() {
        assertEquals(5, living.of(SLOT));
        assertDead(4, 6);
        assertLives(5);
        board.word(SLOT, BoardWord.EXIT_EPOCH, 5);
        assertEquals(0, living.of(SLOT));
        assertDead(4, 5, 6);
    }

    @Test
    void aStandbyLivesFromItsSpawnOnAndAfterItIsTheDaemon() {
        board.word(SLOT, BoardWord.STANDBY_EPOCH, 6);
        assertLives(5, 6);
        assertDead(4, 7);
        board.word(SLOT, BoardWord.EXIT_EPOCH, 5);
        assertLives(6);
        assertDead(5);
        board.word(SLOT, BoardWord.EPOCH, 6);
        assertLives(6);
        assertDead(5);
        board.word(SLOT, BoardWord.EXIT_EPOCH, 6);
        assertDead(5, 6);
    }

    @Test
    void theEpochOfAStandbyThatDiedIsDeadOnceTheNextOneIsThere() {
        board.word(SLOT, BoardWord.STANDBY_EPOCH, 6);
        board.word(SLOT, BoardWord.STANDBY_EPOCH, 7);
        assertDead(6);
        assertLives(5, 7);
        board.word(SLOT, BoardWord.EPOCH, 8);
        assertDead(5, 7);
    }

    private void assertLives(final long... epochs) {
        for (final long epoch : epochs) {
            assertFalse(living.isDead(OwnerWord.of(SLOT, epoch)), "epoch " + epoch);
        }
    }

    private void assertDead(final long... epochs) {
        for (final long epoch : epochs) {
            assertTrue(living.isDead(OwnerWord.of(SLOT, epoch)), "epoch " + epoch);
        }
    }
}
