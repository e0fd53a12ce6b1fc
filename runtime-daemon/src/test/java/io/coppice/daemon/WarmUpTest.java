package io.coppice.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.OnCrash;
import io.coppice.pool.plan.TreePlan;
import io.coppice.pool.schema.RecordSchema;
import io.coppice.pool.table.Table;
import io.coppice.ring.RingWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a daemon may do while it warms up, and that nobody notices. */
class WarmUpTest {
    private static final RecordSchema RECORD =
            RecordSchema.builder("account").longField("balance").build();
    private static final long BYTES = 64L << 20;
    private static final int RING_BYTES = 1024;
    private static final int CAPACITY = 1_000_000;
    private static final int CAPACITY_MAX = 16 * 1024;

    @TempDir Path folder;

    @Test
    void theUsualPathsRunAndNothingIsLeftOfThem() throws Exception {
        final boolean[] done = new boolean[1];
        run(
                new Nothing() {
                    @Override
                    public void warmUp(final DaemonContext scratch) {
                        final Table table = scratch.structures().table("accounts", RECORD);
                        final RingWriter ring = scratch.ringWriter("ring", RING_BYTES);
                        final TransactionPool pool = scratch.pool("pool");
                        final UnsafeBuffer message = new UnsafeBuffer(new byte[Long.BYTES]);
                        for (int round = 0; round < 10; round++) {
                            scratch.journal().begin();
                            table.putLong(table.findOrInsert(round), 0, round);
                            assertTrue(ring.offer(1, message, 0, Long.BYTES));
                            scratch.journal().commit();
                        }
                        scratch.journal().begin();
                        assertTrue(pool.submit(message, 0, Long.BYTES) != TransactionPool.FULL);
                        scratch.journal().commit();
                        pool.poll(result -> {}, 1);
                        assertEquals(1, pool.unfinished(), "nobody takes it");
                        assertEquals(10, table.size());
                        assertEquals(CAPACITY_MAX, scratch.capacity("accounts"));
                        assertEquals("as it is", scratch.setting("input", "as it is"));
                        assertFalse(scratch.isRecovered());
                        scratch.summary("nobody reads this");
                        scratch.progress(1, 2);
                        done[0] = true;
                    }
                });
        assertTrue(done[0]);
    }

    @Test
    void otherDaemonsAreOutOfReach() throws Exception {
        run(
                new Nothing() {
                    @Override
                    public void warmUp(final DaemonContext scratch) {
                        final IllegalStateException refused =
                                assertThrows(
                                        IllegalStateException.class,
                                        () -> scratch.ringReader("daemon", "ring"));
                        assertTrue(
                                refused.getMessage().contains("leave that to open()"),
                                refused.getMessage());
                        assertThrows(
                                IllegalStateException.class, () -> scratch.structuresOf("daemon"));
                    }
                });
    }

    @Test
    void whoOverridesTheOtherMethodIsCalledToo() throws Exception {
        final boolean[] done = new boolean[1];
        run(
                new Nothing() {
                    @Override
                    public void warmUp() {
                        done[0] = true;
                    }
                });
        assertTrue(done[0]);
    }

    @Test
    void whatItThrowsIsThrown() {
        assertThrows(
                ClassNotFoundException.class,
                () ->
                        run(
                                new Nothing() {
                                    @Override
                                    public void warmUp() throws Exception {
                                        throw new ClassNotFoundException("part");
                                    }
                                }));
    }

    private void run(final Daemon daemon) throws Exception {
        final PoolTree pool = PoolTree.create(folder);
        final List<String> before = files();
        final DaemonPlan plan =
                pool.daemon.rehearsing(
                        BYTES,
                        OnCrash.RESUME,
                        pool.daemon.pools(),
                        Map.of("accounts", (long) CAPACITY));
        final TreePlan tree = new TreePlan("test", 0, 0, List.of(plan));
        final OrderlyEnd end = new OrderlyEnd(Thread.currentThread(), pool.bells, plan.slot());
        WarmUp.run(
                new Incarnation.Place(tree, plan, folder, pool.board.reader(), pool.bells, end),
                daemon);
        assertEquals(before, files());
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** A daemon without work. */
    private abstract static class Nothing implements Daemon {
        @Override
        public void open(final DaemonContext context) {
            throw new AssertionError("nobody opens it");
        }

        @Override
        public int doWork() {
            return 0;
        }
    }
}
