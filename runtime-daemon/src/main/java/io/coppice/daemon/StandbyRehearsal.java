package io.coppice.daemon;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.ArenaFile;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.ArenaPlan;
import io.coppice.pool.JournaledBuffer;
import io.coppice.pool.Memory;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.OnCrash;
import java.lang.foreign.Arena;

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

    /**
     * Enough for the first compiler to have had all of it: it is asked at each 128th call of a
     * method, from the 200th on, and none of the calls of a takeover may be one that asks.
     */
    private static final int INCARNATIONS = 360;

    private static final int TRANSACTIONS = 20;

    private static final int PAGE_BYTES = 4096;

    private final Incarnation.Place place;
    private final DaemonPlan plan;
    private final Incarnation.Place scratch;

    StandbyRehearsal(final Incarnation.Place place) {
        this.place = place;
        this.plan = place.plan();
        this.scratch = place.with(scratch(plan));
    }

    void run() throws Exception {
        incarnate(INCARNATIONS);
        new StructureRehearsal().run();
        WarmUp.run(place, Incarnation.instance(plan.mainClass()));
        useOnce();
        // What a rehearsal leaves would be collected in the midst of a takeover.
        System.gc();
    }

    /** Begins on a scratch arena so many times, and all but the first find what the last left. */
    void incarnate(final int times) throws Exception {
        try (Arena room = Arena.ofConfined()) {
            final Memory memory =
                    Memory.of(room.allocate(scratch.plan().memoryBytes(), ArenaLayout.ALIGNMENT));
            ArenaFile.layOutScratch(memory, scratch.plan());
            for (int epoch = 1; epoch <= times; epoch++) {
                final Incarnation incarnation =
                        new Incarnation(scratch, memory, epoch, new Stand());
                incarnation.open(false);
                incarnation.serve();
            }
        }
    }

    /** What a takeover uses besides, once: its classes are loaded, and its pages are mapped. */
    private void useOnce() {
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
        private int transactions;

        @Override
        public void open(final DaemonContext daemonContext) {
            context = daemonContext;
            region = context.structures().region("rehearsal", REGION_BYTES);
        }

        /** The last one is in the midst of a transaction when it ends, as after a death. */
        @Override
        public int doWork() {
            context.journal().begin();
            region.putLong(transactions * Long.BYTES, transactions);
            transactions++;
            if (transactions == TRANSACTIONS) {
                context.finish();
            } else {
                context.journal().commit();
            }
            return 1;
        }
    }
}
