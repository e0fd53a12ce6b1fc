package io.coppice.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.daemon.SimulatedProcesses.SimulatedProcess;
import io.coppice.pool.Arena;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.StructureKind;
import io.coppice.txn.TransactionContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a transaction may not do with its context is a clear error, and changes nothing. */
class TransactionMisuseTest {
    @TempDir Path folder;

    private final List<String> results = new ArrayList<>();
    private TransactionContext kept;
    private DirectBuffer keptRequest;
    private MutableDirectBuffer keptReply;
    private PoolTree tree;
    private SimulatedProcesses processes;
    private Arena arena;
    private TransactionPool pool;

    @BeforeEach
    void open() throws IOException {
        tree = PoolTree.create(folder);
        processes = new SimulatedProcesses(tree.daemon, tree.pool, tree.arena, 1, () -> this::run);
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
                        () -> 1);
        pool.recover();
        arena.structure("numbers", StructureKind.REGION, 64);
        arena.seal();
    }

    private void run(final TransactionContext context) {
        kept = context;
        keptRequest = context.request();
        keptReply = context.reply();
        switch (context.request().getByte(0)) {
            case 'n' -> context.structures().table("nowhere");
            case 'k' -> context.structures().table("numbers");
            default -> context.replyLength(0);
        }
    }

    @Test
    void requestAndReplyAreGoneAfterTheTask() {
        runOne("x");
        assertEquals(List.of("OK "), results);
        assertEquals(
                "no task is under way: a request and its reply are there in run() alone",
                assertThrows(IllegalStateException.class, kept::request).getMessage());
        assertThrows(IllegalStateException.class, kept::reply);
        assertThrows(IllegalStateException.class, kept::requestBytes);
        assertThrows(IllegalStateException.class, kept::replyBytes);
        assertEquals(0, keptRequest.capacity());
        assertThrows(IndexOutOfBoundsException.class, () -> keptReply.putLong(0, 1));
    }

    @Test
    void aStructureThatIsNotThereOrAnotherKindFailsTheTaskAndSaysWhich() {
        runOne("n");
        runOne("k");
        assertEquals(2, results.size());
        assertTrue(
                results.get(0).endsWith("the arena has no structure \"nowhere\""),
                results::toString);
        assertTrue(
                results.get(1).endsWith("structure \"numbers\" is REGION, not TABLE"),
                results::toString);
    }

    private void runOne(final String task) {
        arena.journal().begin();
        pool.submit(new UnsafeBuffer(task.getBytes(StandardCharsets.UTF_8)), 0, 1);
        arena.journal().commit();
        final int before = results.size();
        for (int turn = 0; turn < 100 && results.size() == before; turn++) {
            pool.poll(this::onResult, 1);
            for (int worker = 0; worker < tree.pool.workersMax(); worker++) {
                step(processes.process(worker));
            }
        }
    }

    private static void step(final SimulatedProcess process) {
        if (process == null || !process.runs()) {
            return;
        }
        if (!process.enrolled) {
            process.worker.begin(process.pid());
            process.enrolled = true;
        }
        if (!process.worker.step()) {
            process.die(0, 0);
        }
    }

    private void onResult(final TaskResult result) {
        results.add(
                result.outcome()
                        + " "
                        + result.detail()
                                .getStringWithoutLengthUtf8(0, result.detail().capacity()));
    }
}
