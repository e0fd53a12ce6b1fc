package io.coppice.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.daemon.SimulatedProcesses.SimulatedProcess;
import io.coppice.pool.Arena;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.task.PoolCount;
import io.coppice.pool.task.WorkerState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The two clocks of a task, with the clock in the test's hand. */
class PoolDeadlineTest {
    private static final long QUEUE_DEADLINE_NS = 1_000;
    private static final long DEADLINE_NS = 100;

    @TempDir Path folder;

    private final List<String> results = new ArrayList<>();
    private PoolTree tree;
    private SimulatedProcesses processes;
    private Arena arena;
    private TransactionPool pool;
    private long nowNs = 1;

    @BeforeEach
    void open() throws IOException {
        tree = PoolTree.createWithDeadlines(folder, QUEUE_DEADLINE_NS, DEADLINE_NS);
        processes =
                new SimulatedProcesses(tree.daemon, tree.pool, tree.arena, 1, () -> context -> {});
        arena = Arena.attach(tree.arena, tree.daemon, OwnerWord.of(1, 1));
        arena.recover();
        pool =
                new TransactionPool(
                        arena,
                        tree.daemon,
                        tree.pool,
                        tree.board.reader(),
                        tree.bells,
                        processes,
                        (owner, process) -> {},
                        () -> nowNs);
        pool.recover();
        arena.seal();
        submit();
    }

    @Test
    void aTaskThatWaitedTooLongIsGivenBackUnrun() {
        nowNs += QUEUE_DEADLINE_NS;
        poll();
        assertEquals(List.of(), results);
        nowNs++;
        poll();
        assertEquals(List.of("1 EXPIRED 0"), results);
        assertEquals(0, pool.unfinished());
    }

    @Test
    void aRunThatTakesTooLongIsKilledAndCountsUntilTheAttemptsAreUsedUp() throws Exception {
        for (int attempt = 1; attempt <= 2; attempt++) {
            final SimulatedProcess process = idleWorker();
            poll();
            process.worker.stepHalf();
            nowNs += DEADLINE_NS;
            poll();
            assertTrue(process.runs());
            nowNs++;
            poll();
            assertFalse(process.runs());
            poll();
        }
        assertEquals(List.of("1 TIMED_OUT 2"), results);
        assertEquals(2, tree.count(PoolCount.TIMED_OUT));
        assertEquals(2, tree.count(PoolCount.DIED));
    }

    @Test
    void aResultThatCameWithTheDeadlineCountsAndItsWorkerGetsNoOtherTask() throws Exception {
        final SimulatedProcess process = idleWorker();
        poll();
        process.worker.stepHalf();
        submit();
        nowNs += DEADLINE_NS + 1;
        poll();
        // The kill is on its way; the worker commits before it arrives.
        process.die(137, Integer.MAX_VALUE);
        assertTrue(tree.state(0) == WorkerState.RUNNING);
        process.worker.commitHalf();
        poll();
        assertEquals(List.of("1 OK 1"), results);

        poll();
        assertEquals(WorkerState.IDLE, tree.state(0));
        assertEquals(1, pool.unfinished());
    }

    /** Returns the process of slot 0, just become idle. */
    private SimulatedProcess idleWorker() {
        poll();
        final SimulatedProcess process = processes.process(0);
        process.worker.begin(process.pid());
        assertEquals(WorkerState.IDLE, tree.state(0));
        return process;
    }

    private void submit() {
        arena.journal().begin();
        pool.submit(new UnsafeBuffer(new byte[8]), 0, 8);
        arena.journal().commit();
    }

    private void poll() {
        pool.poll(
                result ->
                        results.add(
                                result.taskId() + " " + result.outcome() + " " + result.attempts()),
                1);
        assertEquals(List.of(), tree.wrong());
    }
}
