package io.coppice.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Arena;
import io.coppice.pool.ArenaPlan;
import io.coppice.pool.Journal;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.task.PoolCount;
import io.coppice.pool.task.PoolLayout;
import java.io.IOException;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskTableTest {
    private static final int NOW_NS = 5;

    @TempDir Path folder;

    private final UnsafeBuffer request = new UnsafeBuffer(new byte[64]);
    private PoolTree tree;
    private Journal journal;
    private TaskTable tasks;

    @BeforeEach
    void create() throws IOException {
        tree = PoolTree.create(folder);
        final Arena arena = Arena.attach(tree.arena, tree.daemon, OwnerWord.of(1, 1));
        arena.recover();
        journal = arena.journal();
        tasks = table();
    }

    @Test
    void runsTasksInTheOrderOfTheirSubmission() {
        submit(4);
        for (int id = 1; id <= 4; id++) {
            assertEquals(id, runOldest());
        }
        assertEquals(-1, tasks.oldestWaiting());
        assertEquals(4, tasks.unfinished());
    }

    @Test
    void takesNoMoreThanItHasPlacesAndTellsSo() {
        submit(tree.pool.queueCapacity());
        assertFalse(tasks.hasRoom());

        journal.begin();
        assertEquals(TransactionPool.FULL, tasks.submit(request, 0, 1, NOW_NS));
        journal.commit();

        assertEquals(tree.pool.queueCapacity(), tasks.unfinished());
        assertEquals(tree.pool.queueCapacity(), tree.count(PoolCount.SUBMITTED));
    }

    @Test
    void aTaskThatWaitsAgainGoesFirst() {
        submit(3);
        final int first = tasks.oldestWaiting();
        runOldest();
        journal.begin();
        tasks.requeue(first, 1, 2, NOW_NS);
        journal.commit();

        assertEquals(first, tasks.oldestWaiting());
        assertEquals(3, tasks.waiting());
        assertEquals(1, tasks.word(first, PoolLayout.TASK_ATTEMPTS));
        assertEquals(2, tasks.word(first, PoolLayout.TASK_INTERRUPTIONS));
    }

    @Test
    void aRollbackUndoesWhatTheHeapKnowsToo() {
        submit(2);
        final int first = tasks.oldestWaiting();
        journal.begin();
        tasks.submit(request, 0, 1, NOW_NS);
        tasks.run(1);
        tasks.finish(tasks.oldestWaiting());
        journal.rollback();

        assertEquals(2, tasks.unfinished());
        assertEquals(first, tasks.oldestWaiting());
        assertEquals(-1, tasks.runningIn(1));
        assertEquals(2, tree.count(PoolCount.SUBMITTED));
        assertEquals(3, submit(1), "a number that was rolled back was never given out");
    }

    @Test
    void aPlaceIsGivenOutAgainOnlyAfterTheTransactionThatFreedIt() {
        submit(tree.pool.queueCapacity());
        final int first = tasks.oldestWaiting();
        journal.begin();
        tasks.finish(first);
        assertFalse(tasks.hasRoom());
        assertEquals(tree.pool.queueCapacity() - 1, tasks.unfinished());
        assertEquals(TransactionPool.FULL, tasks.submit(request, 0, 1, NOW_NS));
        journal.commit();

        assertTrue(tasks.hasRoom());
        submit(1);
        assertFalse(tasks.hasRoom());
    }

    @Test
    void aTransactionMayFreePlacesAndTakeOthers() {
        submit(2);
        for (int round = 0; round < 100; round++) {
            journal.begin();
            tasks.finish(tasks.oldestWaiting());
            tasks.finish(tasks.oldestWaiting());
            tasks.submit(request, 0, 1, NOW_NS);
            tasks.submit(request, 0, 1, NOW_NS);
            journal.commit();
            assertEquals(2, tasks.unfinished());
        }
        submit(tree.pool.queueCapacity() - 2);
        assertFalse(tasks.hasRoom());
        for (int i = 0; i < tree.pool.queueCapacity(); i++) {
            assertEquals(201 + i, runOldest());
        }
    }

    @Test
    void aNewTableFindsEverythingInTheArena() {
        submit(4);
        runOldest();
        tasks = table();

        assertEquals(4, tasks.unfinished());
        assertEquals(3, tasks.waiting());
        assertEquals(1, tasks.word(tasks.runningIn(1), PoolLayout.TASK_ID));
        assertEquals(2, runOldest());
    }

    @Test
    void refusesARequestThatIsTooLongAndKeepsItsPlace() {
        journal.begin();
        final IllegalArgumentException refused =
                assertThrows(
                        IllegalArgumentException.class,
                        () -> tasks.submit(request, 0, tree.pool.requestBytes() + 1, NOW_NS));
        journal.commit();

        assertTrue(refused.getMessage().contains("17 bytes: pool \"pool\" takes 16"));
        submit(tree.pool.queueCapacity());
    }

    private TaskTable table() {
        final TaskTable table =
                new TaskTable(
                        tree.arena,
                        journal,
                        tree.pool,
                        PoolLayout.of(tree.pool),
                        ArenaPlan.pool(tree.daemon, tree.pool.name()).offset());
        table.load();
        return table;
    }

    private long submit(final int count) {
        long last = 0;
        for (int i = 0; i < count; i++) {
            journal.begin();
            last = tasks.submit(request, 0, 8, NOW_NS);
            journal.commit();
            assertTrue(last > 0);
        }
        return last;
    }

    private long runOldest() {
        final int place = tasks.oldestWaiting();
        journal.begin();
        tasks.run(1);
        journal.commit();
        return tasks.word(place, PoolLayout.TASK_ID);
    }
}
