package io.coppice.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.coppice.pool.Arena;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.task.WorkerState;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon that hands out tasks in its steady state leaves nothing to the garbage collector. */
class PoolAllocationTest {
    private static final int WINDOWS_MOST = 10;
    private static final int ROUNDS = 20_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir Path folder;

    private long nowNs = 1;
    private long results;
    private TransactionPool pool;
    private Arena arena;
    private SimulatedProcesses processes;
    private final UnsafeBuffer request = new UnsafeBuffer(new byte[16]);
    private final ResultHandler handler =
            result -> results += result.outcome() == Outcome.OK ? result.reply().getInt(0) : -1;

    @Test
    void aTaskFromSubmissionToResultAllocatesNothing() throws IOException {
        final PoolTree tree = PoolTree.createForReuse(folder, Integer.MAX_VALUE);
        processes =
                new SimulatedProcesses(
                        tree.daemon,
                        tree.pool,
                        tree.arena,
                        1,
                        () ->
                                context -> {
                                    context.reply().putInt(0, 1);
                                    context.replyLength(4);
                                });
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
        pool.poll(handler, 1);
        processes.process(0).worker.begin(processes.process(0).pid());
        assertEquals(WorkerState.IDLE, tree.state(0));

        // A compiled method that is given up moves its objects back to the heap, once; so the first
        // windows may count some, and one of them has to be free of any.
        long allocatedBytes = -1;
        int windows = 0;
        while (windows < WINDOWS_MOST && allocatedBytes != 0) {
            final long before = THREADS.getCurrentThreadAllocatedBytes();
            run();
            allocatedBytes = THREADS.getCurrentThreadAllocatedBytes() - before;
            windows++;
        }

        assertEquals(0, allocatedBytes, "bytes allocated by " + ROUNDS + " tasks");
        assertEquals((long) windows * ROUNDS, results);
        assertTrue(tree.wrong().isEmpty());
    }

    private void run() {
        for (int round = 0; round < ROUNDS; round++) {
            nowNs++;
            arena.journal().begin();
            pool.submit(request, 0, 8);
            arena.journal().commit();
            pool.poll(handler, 1);
            processes.process(0).worker.step();
            pool.poll(handler, 1);
        }
    }
}
