package io.coppice.daemon;

import io.coppice.log.LogLines;
import io.coppice.log.TreeLog;
import io.coppice.os.OperatingSystem;
import io.coppice.pool.ArenaFile;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.ArenaPlan;
import io.coppice.pool.JournaledBuffer;
import io.coppice.pool.Memory;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.board.Bells;
import io.coppice.pool.board.Board;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.OnCrash;
import io.coppice.pool.plan.TreePlan;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/**
 * What a standby does before it waits: it takes over, again and again, an arena that no other
 * process has, so that every class of that way is loaded and its methods are compiled; uses each
 * structure once; and has the user's class warm up, on an object of its own. It stores nothing into
 * shared memory.
 */
final class StandbyRehearsal {
    /** Room for what the rehearsal lays out itself, in bytes. */
    private static final int STRUCTURE_BYTES = 256 * 1024;

    private static final int REGION_BYTES = 4096;

    /** Beyond this the pools are left out: what is rehearsed must not cost memory for nothing. */
    private static final long SCRATCH_BYTES_MAX = 64L << 20;

    /** Enough for the first compiler to have had all of it. */
    private static final int INCARNATIONS = 250;

    private static final int TRANSACTIONS = 20;

    private static final int PAGE_BYTES = 4096;

    private final TreePlan tree;
    private final DaemonPlan plan;
    private final DaemonPlan scratch;
    private final Path runDirectory;
    private final Board board;
    private final Bells bells;

    StandbyRehearsal(
            final TreePlan tree,
            final DaemonPlan plan,
            final Path runDirectory,
            final Board board,
            final Bells bells) {
        this.tree = tree;
        this.plan = plan;
        this.scratch = scratch(plan);
        this.runDirectory = runDirectory;
        this.board = board;
        this.bells = bells;
    }

    /** Makes an object of the user's class. */
    static Daemon instance(final String className) throws ReflectiveOperationException {
        return Class.forName(className)
                .asSubclass(Daemon.class)
                .getDeclaredConstructor()
                .newInstance();
    }

    void run() throws Exception {
        incarnate(INCARNATIONS);
        new StructureRehearsal().run();
        WarmUp.run(tree, plan, runDirectory, board, bells, instance(plan.mainClass()));
        useOnce();
        // What a rehearsal leaves would be collected in the midst of a takeover.
        System.gc();
    }

    /** Begins on a scratch arena so many times, and all but the first find what the last left. */
    void incarnate(final int times) throws Exception {
        try (Arena room = Arena.ofConfined()) {
            final Memory memory =
                    Memory.of(room.allocate(scratch.memoryBytes(), ArenaLayout.ALIGNMENT));
            ArenaFile.layOutScratch(memory, scratch);
            for (int epoch = 1; epoch <= times; epoch++) {
                incarnate(memory, epoch);
            }
        }
    }

    /** What a takeover uses besides, once: its classes are loaded, and its pages are mapped. */
    private void useOnce() {
        TreeLog.attach(null, DaemonMain.processName(plan, 0));
        new IdleSpin(plan.spinNs()).onWork();
        bells.sequence(plan.slot());
        if (!plan.pools().isEmpty()) {
            // As a worker of the last incarnation is certified dead; this process is not.
            final OperatingSystem os = OperatingSystem.current();
            final long pid = ProcessHandle.current().pid();
            os.awaitDeath(pid, os.startTime(pid), 0);
        }
    }

    /**
     * Looks at each page of the arena, so that the page tables of this process are filled: in a
     * takeover each first touch of a page would be a fault. Pages of a shared mapping on a tmpfs
     * are writable from then on.
     */
    static void touch(final Memory memory) {
        long sum = 0;
        for (long offset = 0; offset < memory.bytes(); offset += PAGE_BYTES) {
            sum += memory.getByte(offset);
        }
        if (sum == Long.MIN_VALUE) {
            // So that the compiler leaves no look out.
            throw new AssertionError("no arena has so many bytes");
        }
    }

    /** As {@link DaemonMain} does, and dies in the midst of a transaction. */
    private void incarnate(final Memory memory, final long epoch) throws Exception {
        final io.coppice.pool.Arena arena =
                io.coppice.pool.Arena.attach(memory, scratch, OwnerWord.of(scratch.slot(), epoch));
        final DaemonContext context =
                new DaemonContext(tree, scratch, runDirectory, arena, board, bells, epoch);
        final Stand daemon = new Stand();
        arena.migrateWith(daemon);
        Recovery.run(scratch, epoch, daemon, arena, context);
        LogLines.open(arena, DaemonMain.LOG_LINES);
        daemon.open(context);
        arena.seal();
        memory.putLongRelease(ArenaLayout.READY, epoch);
        daemon.doWork();
        context.journal().begin();
        daemon.region.putLong(0, epoch);
    }

    private static DaemonPlan scratch(final DaemonPlan plan) {
        final boolean small = ArenaPlan.fixedBytes(plan) <= SCRATCH_BYTES_MAX;
        final DaemonPlan shape =
                small ? plan : plan.rehearsing(0, plan.onCrash(), java.util.List.of());
        return shape.rehearsing(
                ArenaLayout.align(ArenaPlan.fixedBytes(shape)) + STRUCTURE_BYTES,
                OnCrash.RESUME,
                shape.pools());
    }

    /** Stands for the user's daemon. */
    private static final class Stand implements Daemon {
        private DaemonContext context;
        private JournaledBuffer region;

        @Override
        public void open(final DaemonContext daemonContext) {
            context = daemonContext;
            region = context.structures().region("rehearsal", REGION_BYTES);
        }

        @Override
        public int doWork() {
            for (int i = 0; i < TRANSACTIONS; i++) {
                context.journal().begin();
                region.putLong(i * Long.BYTES, i);
                context.journal().commit();
            }
            return 0;
        }
    }
}
