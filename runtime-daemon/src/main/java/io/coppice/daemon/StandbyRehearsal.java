package io.coppice.daemon;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.ArenaFile;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.ArenaPlan;
import io.coppice.pool.JournaledBuffer;
import io.coppice.pool.Memory;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.OnCrash;
import java.lang.foreign.Arena;

/**
 * What a standby does before it waits: it takes over, again and again, an arena that no other
 * process has, so that every class of that way is loaded, its methods are compiled and its calls
 * are linked; uses each structure once; and has the user's class warm up, on objects of its own. It
 * stores nothing into shared memory.
 *
 * <p>In rounds. What a round has had compiled is in use only after it, and the first call of each
 * such method costs microseconds: it is linked anew, and after a collection its oops are looked at.
 * Some hundred of those were most of a takeover. So each round is followed by a rest, until the
 * compilers have nothing more to do.
 */
final class StandbyRehearsal {
    /** Room for what the rehearsal lays out itself, in bytes. */
    private static final int STRUCTURE_BYTES = 256 * 1024;

    private static final int REGION_BYTES = 4096;

    /** Beyond this the pools are left out: what is rehearsed must not cost memory for nothing. */
    private static final long SCRATCH_BYTES_MAX = 64L << 20;

    /**
     * Takeovers in the rounds before the collection. The first compiler takes a method at some 200
     * calls while it has nothing else to do, and at so many times more as it has a queue: a single
     * burst of calls leaves most of the way to the interpreter.
     */
    private static final int[] FIRST_ROUNDS = {1000, 500, 300};

    /**
     * Those after it: each has less to ask the compilers for. The interpreter asks at each 128th
     * call of a method, and the call after the last of all of these is none of those.
     */
    private static final int[] LAST_ROUNDS = {24, 8, 2};

    private static final int TRANSACTIONS = 8;

    private static final int STANDS = 3;

    private static final int PAGE_BYTES = 4096;

    private final Incarnation.Place place;
    private final DaemonPlan plan;
    private final Incarnation.Place scratch;

    StandbyRehearsal(final Incarnation.Place place) {
        this.place = place;
        this.plan = place.plan();
        this.scratch =
                new Incarnation.Place(
                        place.tree(),
                        scratch(plan),
                        place.runDirectory(),
                        place.board(),
                        place.bells(),
                        // Of its own: an end from outside has nothing to close in a rehearsal.
                        new OrderlyEnd(Thread.currentThread(), place.bells(), plan.slot()));
    }

    /** Does all of it, or as much as there is time for until the daemon has died. */
    void run() throws Exception {
        try (Stage stage = new Stage()) {
            final CompilerRest rest = new CompilerRest(OperatingSystem.current());
            new StructureRehearsal().run();
            warmUp();
            useOnce();
            if (!stage.takeOver(FIRST_ROUNDS, rest)) {
                return;
            }
            // What a rehearsal leaves would be collected in the midst of a takeover.
            System.gc();
            warmUp();
            stage.takeOver(LAST_ROUNDS, rest);
        }
    }

    /** Takes over so often, for a start cache. */
    void takeOver(final int times) throws Exception {
        try (Stage stage = new Stage()) {
            stage.takeOver(times);
        }
    }

    private void warmUp() throws Exception {
        WarmUp.run(place, Incarnation.instance(plan.mainClass()));
    }

    /** A scratch arena, and who has taken it over last. */
    private final class Stage implements AutoCloseable {
        private final Arena room = Arena.ofConfined();
        private final Memory memory =
                Memory.of(room.allocate(scratch.plan().memoryBytes(), ArenaLayout.ALIGNMENT));

        /** The one that serves now: while it is, the board says that this one is wanted. */
        private final long servingEpoch = place.board().word(plan.slot(), BoardWord.EPOCH);

        private final Succession succession =
                Succession.of(OperatingSystem.current(), plan, memory, place.board(), servingEpoch);
        private long epoch;

        Stage() throws Exception {
            ArenaFile.layOutScratch(memory, scratch.plan());
            succession.begin();
            final Incarnation first = next();
            first.open();
            first.serve();
        }

        boolean takeOver(final int[] rounds, final CompilerRest rest) throws Exception {
            for (final int round : rounds) {
                if (!takeOver(round)) {
                    return false;
                }
                rest.await(this::isServed);
            }
            return true;
        }

        /**
         * Takes over from the one before, who has died in the midst of a transaction, so many
         * times; returns false where the daemon itself has died meanwhile, so that it is time to
         * end.
         */
        boolean takeOver(final int times) throws Exception {
            for (int i = 0; i < times; i++) {
                succession.bereave();
                if (!next().takeOver(succession)) {
                    return false;
                }
            }
            return true;
        }

        private boolean isServed() {
            return place.board().word(plan.slot(), BoardWord.EPOCH) == servingEpoch;
        }

        private Incarnation next() {
            epoch++;
            return new Incarnation(scratch, memory, epoch, stand(), false);
        }

        /**
         * Daemons of three classes in turn: a compiler that has seen but one or two builds on it,
         * and has to take its work back when the user's comes.
         */
        private Daemon stand() {
            switch ((int) (epoch % STANDS)) {
                case 0:
                    return new Stand();
                case 1:
                    return new SecondStand();
                default:
                    return new ThirdStand();
            }
        }

        @Override
        public void close() {
            room.close();
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
    private static class Stand implements Daemon {
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

    private static final class SecondStand extends Stand {}

    private static final class ThirdStand extends Stand {}
}
