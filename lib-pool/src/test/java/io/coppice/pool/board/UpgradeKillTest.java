package io.coppice.pool.board;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.KillEverywhere;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.TestArena;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.Plans;
import io.coppice.pool.plan.TreePlan;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills root at every store of an upgrade, and its successors at every store of theirs: one plan or
 * the other counts, whole, and it is the one that the upgrade's end says.
 */
@Tag("cuts")
class UpgradeKillTest {
    private static final long EPOCH = 7;
    private static final long GENERATION = 3;
    private static final long POINTS_LEAST = 20;

    @TempDir Path folder;

    private TreePlan before;
    private TreePlan after;
    private byte[] board;

    @BeforeEach
    void create() {
        before = new TreePlan("tree", 0, 0, List.of(Plans.daemon("daemon", 1, 1 << 20)));
        final DaemonPlan changed =
                before.daemon(1).commanded(List.of("java", "-cp", "new.jar"), List.of());
        after = before.with(changed);
        BoardWriter.create(OperatingSystem.current(), folder, before);
        final Memory memory = MappedFile.writable(folder.resolve(Board.FILE + ".new"));
        board = new byte[(int) memory.bytes()];
        memory.getBytes(0, board, 0, board.length);
    }

    @Test
    void onePlanCountsWhereverRootDiesOnTheWay() {
        try (TestArena arena = new TestArena(board.length)) {
            arena.setImage(0, board);
            final long points =
                    new KillEverywhere(
                                    "upgrade",
                                    arena,
                                    this::upgrade,
                                    UpgradeKillTest::settle,
                                    this::check)
                            .run();
            assertTrue(points >= POINTS_LEAST, points + " points");
        }
    }

    @Test
    void theOldPlanCountsWhereverRootDiesOnTheWayBack() {
        try (TestArena arena = new TestArena(board.length)) {
            arena.setImage(0, board);
            open(arena.memory());
            final long points =
                    new KillEverywhere(
                                    "upgrade taken back",
                                    arena,
                                    UpgradeKillTest::takeBack,
                                    UpgradeKillTest::takeBack,
                                    (memory, where) -> {
                                        check(memory, where);
                                        assertEquals(before, new Board(memory).plan(), where);
                                    })
                            .run();
            assertTrue(points > 2, points + " points");
        }
    }

    private void upgrade(final Memory memory) {
        open(memory);
        final BoardWriter writer = MirroredBoard.of(memory);
        writer.endTrial(UpgradeWord.with(writer.reader().upgrade(), UpgradeState.DONE));
    }

    private void open(final Memory memory) {
        final BoardWriter writer = MirroredBoard.of(memory);
        writer.beginTrial(after, GENERATION, UpgradeWord.of(1, 1, UpgradeState.WARMING));
        writer.trialEpoch(EPOCH);
        assertEquals(after, writer.reader().plan(1, EPOCH));
        assertEquals(before, writer.reader().plan(1, EPOCH - 1));
        writer.upgrade(UpgradeWord.of(1, 1, UpgradeState.SWITCHING));
        writer.switchToTrial();
        writer.upgrade(UpgradeWord.of(1, 1, UpgradeState.OPENING));
    }

    private static void takeBack(final Memory memory) {
        final BoardWriter writer = MirroredBoard.of(memory);
        if (writer.reader().isUpgrading()) {
            writer.switchBack();
            writer.endTrial(UpgradeWord.with(writer.reader().upgrade(), UpgradeState.TAKEN_BACK));
        }
    }

    /** As a root does that has another plan to follow. */
    private static void settle(final Memory memory) {
        final BoardWriter writer = MirroredBoard.of(memory);
        if (writer.reader().isUpgrading()) {
            final UpgradeState end =
                    writer.reader().isTrialInForce() ? UpgradeState.DONE : UpgradeState.LEFT;
            writer.endTrial(UpgradeWord.with(writer.reader().upgrade(), end));
        }
    }

    private void check(final Memory memory, final String where) {
        final Board reader = new Board(memory);
        assertFalse(reader.isUpgrading(), where);
        final boolean done = UpgradeWord.state(reader.upgrade()) == UpgradeState.DONE;
        assertEquals(done ? after : before, reader.plan(), where);
        assertEquals(reader.plan(), reader.plan(1, EPOCH), where);
    }
}
