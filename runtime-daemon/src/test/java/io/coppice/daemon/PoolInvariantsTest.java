package io.coppice.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.ArenaPlan;
import io.coppice.pool.task.PoolCount;
import io.coppice.pool.task.PoolLayout;
import io.coppice.pool.task.WorkerState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checker that finds nothing proves nothing: each kind of damage is found and named. */
class PoolInvariantsTest {
    @TempDir Path folder;

    private PoolTree tree;
    private PoolLayout layout;

    /** Leaves task 1 assigned to slot 0, and others waiting. */
    @BeforeEach
    void assignATask() throws IOException {
        tree = PoolTree.create(folder);
        layout = PoolLayout.of(tree.pool);
        final ScriptDaemon daemon = new ScriptDaemon(tree, 1);
        daemon.doWork();
        daemon.stepWorker(0);
        daemon.doWork();
        assertEquals(WorkerState.ASSIGNED, tree.state(0));
        assertEquals(List.of(), tree.wrong());
    }

    @Test
    void findsDamageOfEveryKind() {
        final int running = (int) tree.slotWord(0, PoolLayout.SLOT_TASK);
        final int waiting = running + 1;
        final long task = layout.task(running);
        final long other = layout.task(waiting);
        finds(PoolLayout.QUEUE_CAPACITY, 7, "queue is 7");
        finds(other + PoolLayout.TASK_STATE, 3, "state 3");
        finds(other + PoolLayout.TASK_STATE, PoolLayout.TASK_FREE, "present");
        finds(other + PoolLayout.TASK_ID, 1, "is there twice");
        finds(other + PoolLayout.TASK_ID, 99, "number 99");
        finds(other + PoolLayout.TASK_ATTEMPTS, 2, "attempts");
        finds(other + PoolLayout.TASK_REQUEST_BYTES, 17, "request bytes");
        finds(task + PoolLayout.TASK_WORKER, 1, "another in hand");
        finds(task + PoolLayout.TASK_WORKER, -1, "slot -1");
        finds(task + PoolLayout.TASK_STATE, PoolLayout.TASK_QUEUED, "does not run there");
        finds(layout.slot(0) + PoolLayout.SLOT_STATE, 99, "state 99 is none");
        finds(
                layout.slot(0) + PoolLayout.SLOT_STATE,
                WorkerState.STARTING.word(1),
                "which is STARTING");
        finds(layout.slot(0) + PoolLayout.SLOT_TASK, 6, "with task 6");
        finds(layout.journal(0), 1, "with a journal in state 1");
        finds(layout.journal(1), 2, "is STARTING with a journal in state 2");
        finds(PoolCount.SUBMITTED.offset(), 77, "77 submitted");
        finds(PoolCount.DIED.offset(), 77, "count DIED");
        finds(PoolCount.INTERRUPTED.offset(), -1, "count INTERRUPTED");
    }

    private void finds(final long offset, final long damage, final String complaint) {
        final long at = ArenaPlan.pool(tree.daemon, tree.pool.name()).offset() + offset;
        final long sound = tree.arena.getLong(at);
        tree.arena.putLong(at, damage);
        final String wrong = String.join("\n", tree.wrong());
        assertTrue(wrong.contains(complaint), complaint + " is not in:\n" + wrong);
        tree.arena.putLong(at, sound);
        assertEquals(List.of(), tree.wrong());
    }
}
