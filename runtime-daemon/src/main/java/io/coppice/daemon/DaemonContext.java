package io.coppice.daemon;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.Arena;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.Journal;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.board.Bells;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.BoardWord;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.PoolPlan;
import io.coppice.pool.plan.TreePlan;
import io.coppice.ring.RingReader;
import io.coppice.ring.RingSettings;
import io.coppice.ring.RingStart;
import io.coppice.ring.RingWriter;
import io.coppice.ring.request.LivingEpochs;
import io.coppice.ring.request.Replier;
import io.coppice.ring.request.RequestSettings;
import io.coppice.ring.request.Requester;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.SystemNanoClock;

/** What a daemon is given in {@link Daemon#open}. For the daemon's own thread. */
public final class DaemonContext {
    /** How long an idle daemon sleeps at most, in nanoseconds. */
    public static final long IDLE_NS_MAX = 50_000_000L;

    /** How long it sleeps at least where a deadline is due that nobody looks at. */
    private static final long IDLE_NS_MIN = 100_000L;

    /** What a daemon's summary is called in the run directory, behind its name. */
    public static final String SUMMARY_SUFFIX = ".summary";

    private final TreePlan tree;
    private final DaemonPlan plan;
    private final Path runDirectory;
    private final Arena arena;
    private final Board board;
    private final Bells bells;
    private final long epoch;
    private final DaemonStructures structures;
    private final List<TransactionPool> pools = new ArrayList<>();
    private final RingEnds ends = new RingEnds();
    private final boolean scratch;
    private boolean recovered;
    private boolean finished;

    DaemonContext(
            final TreePlan tree,
            final DaemonPlan plan,
            final Path runDirectory,
            final Arena arena,
            final Board board,
            final Bells bells,
            final long epoch) {
        this(tree, plan, runDirectory, arena, board, bells, epoch, false);
    }

    private DaemonContext(
            final TreePlan tree,
            final DaemonPlan plan,
            final Path runDirectory,
            final Arena arena,
            final Board board,
            final Bells bells,
            final long epoch,
            final boolean scratch) {
        this.scratch = scratch;
        this.tree = tree;
        this.plan = plan;
        this.runDirectory = runDirectory;
        this.arena = arena;
        this.board = board;
        this.bells = bells;
        this.epoch = epoch;
        this.structures = new DaemonStructures(plan, arena, OwnerWord.of(plan.slot(), epoch));
        for (final PoolPlan pool : plan.pools()) {
            final WorkerProcesses spawner =
                    scratch
                            ? new ScratchWorkers()
                            : new WorkerSpawner(
                                    OperatingSystem.current(),
                                    runDirectory,
                                    plan.name(),
                                    plan.slot(),
                                    pool,
                                    bells);
            pools.add(
                    new TransactionPool(
                            arena,
                            plan,
                            pool,
                            board,
                            bells,
                            spawner,
                            structures,
                            SystemNanoClock.INSTANCE));
        }
    }

    /** Returns one on an arena of this process alone; see {@link Daemon#warmUp(DaemonContext)}. */
    static DaemonContext scratch(final Incarnation.Place place, final Arena arena) {
        return new DaemonContext(
                place.tree(),
                place.plan(),
                place.runDirectory(),
                arena,
                place.board(),
                place.bells(),
                1,
                true);
    }

    /**
     * Has another class warm up in the place of this daemon; see {@link WarmUp}.
     *
     * @param memoryBytes that the other one's arena has
     */
    void warmUp(final Daemon daemon, final long memoryBytes) throws Exception {
        final OrderlyEnd end = new OrderlyEnd(Thread.currentThread(), bells, plan.slot());
        final Incarnation.Place place =
                new Incarnation.Place(tree, plan, runDirectory, board, bells, end);
        new StandbyRehearsal(place).takeOver(2);
        WarmUp.run(place.with(plan.rehearsing(memoryBytes, plan.onCrash(), plan.pools())), daemon);
    }

    /** Returns the name of this daemon. */
    public String name() {
        return plan.name();
    }

    /** Returns the name of the tree. */
    public String tree() {
        return tree.name();
    }

    /** Returns which incarnation of this daemon it is, from 1. */
    public long epoch() {
        return epoch;
    }

    /** Returns whether the structures hold what an earlier incarnation committed. */
    public boolean isRecovered() {
        return recovered;
    }

    /**
     * Returns a setting of the manifest.
     *
     * @throws IllegalArgumentException where there is none
     */
    public String setting(final String key) {
        final String value = plan.settings().get(key);
        if (value == null) {
            throw new IllegalArgumentException(
                    plan.name()
                            + ": setting \""
                            + key
                            + "\" is missing: add it under \"settings\" in the manifest");
        }
        return value;
    }

    /** Returns a setting of the manifest, or what stands for it where there is none. */
    public String setting(final String key, final String otherwise) {
        return plan.settings().getOrDefault(key, otherwise);
    }

    /**
     * Returns a capacity of the manifest.
     *
     * @throws IllegalArgumentException where there is none
     */
    public long capacity(final String key) {
        return structures.capacity(key);
    }

    /**
     * Returns the undo journal. What is stored between its begin and its commit stands as a whole
     * or not at all.
     */
    public Journal journal() {
        return arena.journal();
    }

    /** Returns the structures of the arena, to be laid out or found in {@link Daemon#open}. */
    public DaemonStructures structures() {
        return structures;
    }

    /**
     * Returns a pool of transaction workers.
     *
     * @throws IllegalArgumentException where the manifest declares none of this name
     */
    public TransactionPool pool(final String name) {
        for (int i = 0; i < pools.size(); i++) {
            if (plan.pools().get(i).name().equals(name)) {
                return pools.get(i);
            }
        }
        throw new IllegalArgumentException(
                plan.name()
                        + ": there is no pool \""
                        + name
                        + "\": declare it under \"transactions\" in the manifest");
    }

    /**
     * Lays out or finds a lossless ring that every daemon under {@code readers} of the manifest
     * reads. Only in {@link Daemon#open}.
     *
     * @param capacityBytes a power of two; the longest message is a little less than a quarter of
     *     it
     */
    public RingWriter ringWriter(final String ring, final int capacityBytes) {
        return ringWriter(ring, RingSettings.lossless(capacityBytes));
    }

    /**
     * Lays out or finds a ring that every daemon under {@code readers} of the manifest reads. Only
     * in {@link Daemon#open}.
     *
     * @param settings whether the writer waits, and for whom
     */
    public RingWriter ringWriter(final String ring, final RingSettings settings) {
        final List<DaemonPlan> readers = new ArrayList<>();
        if (!scratch) {
            for (final int reader : plan.readers()) {
                readers.add(tree.daemon(reader));
            }
        }
        return RingWriter.open(arena, plan, ring, settings, readers, runDirectory, bells);
    }

    /**
     * Opens the reading end of another daemon's ring, laid out already or not. Where it is not in
     * 10 s, or cannot be read, that is printed to this daemon's log once, and the daemon goes on.
     * Only in {@link Daemon#open}.
     *
     * @throws IllegalArgumentException where there is no such daemon, or its {@code readers} do not
     *     name this one
     */
    public RingReader ringReader(final String daemon, final String ring) {
        return ringReader(daemon, ring, RingStart.committed());
    }

    /**
     * Opens the reading end of another daemon's ring, laid out already or not. Only in {@link
     * Daemon#open}.
     *
     * @param start where this incarnation begins; with any but {@link RingStart#committed} it may
     *     use messages again, or miss some
     * @throws IllegalArgumentException where there is no such daemon, or its {@code readers} do not
     *     name this one
     */
    public RingReader ringReader(final String daemon, final String ring, final RingStart start) {
        return ends.add(RingReader.open(arena, readable(daemon), ring, runDirectory, bells, start));
    }

    /**
     * Returns the structures of another daemon, to be read in place, laid out already or not.
     *
     * @throws IllegalArgumentException where there is no such daemon, or its {@code readers} do not
     *     name this one
     */
    public SiblingStructures structuresOf(final String daemon) {
        return new SiblingStructures(daemon, runDirectory.resolve(readable(daemon).arenaFile()));
    }

    /**
     * Lays out or finds the end that asks another daemon. Only in {@link Daemon#open}.
     *
     * @param name that the {@link #replier} there has
     * @param settings how many requests at once, how large, and what becomes of them when this
     *     incarnation dies
     * @throws IllegalArgumentException where there is no such daemon, or the {@code readers} of
     *     either do not name the other
     */
    public Requester requester(
            final String daemon, final String name, final RequestSettings settings) {
        final DaemonPlan replier = partner(daemon);
        final Requester requester =
                Requester.open(arena, plan, replier, name, settings, runDirectory, bells);
        return ends.add(requester);
    }

    /**
     * Lays out or finds the end that answers other daemons. Only in {@link Daemon#open}.
     *
     * @param name that the {@link #requester} there has
     * @param settings how many requests may be open at once, and the ring of replies to each asker
     * @param askers names of daemons, unlike each other
     * @throws IllegalArgumentException where there is no such daemon, or the {@code readers} of
     *     either do not name the other
     */
    public Replier replier(
            final String name, final RequestSettings settings, final String... askers) {
        final List<DaemonPlan> partners = new ArrayList<>();
        for (final String asker : askers) {
            partners.add(partner(asker));
        }
        final LivingEpochs living = LivingEpochs.on(board);
        return ends.add(
                Replier.open(arena, plan, partners, name, settings, living, runDirectory, bells));
    }

    private DaemonPlan partner(final String daemon) {
        final DaemonPlan partner = readable(daemon);
        if (!plan.readers().contains(partner.slot())) {
            throw new IllegalArgumentException(
                    plan.name()
                            + ": may not be read by \""
                            + daemon
                            + "\": add it to the \"readers\" here");
        }
        return partner;
    }

    private DaemonPlan readable(final String daemon) {
        if (scratch) {
            throw new IllegalStateException(
                    plan.name()
                            + ": warmUp opens something of \""
                            + daemon
                            + "\": other daemons are out of its reach, leave that to open()");
        }
        final DaemonPlan writer = tree.daemon(daemon);
        if (writer == null) {
            throw new IllegalArgumentException(
                    plan.name()
                            + ": there is no daemon \""
                            + daemon
                            + "\" to read from: there are "
                            + String.join(
                                    ", ", tree.daemons().stream().map(DaemonPlan::name).toList()));
        }
        if (!writer.readers().contains(plan.slot())) {
            throw new IllegalArgumentException(
                    plan.name()
                            + ": may not read \""
                            + daemon
                            + "\": add it to the \"readers\" there");
        }
        return writer;
    }

    /** Says for people how far the work is; {@code total} is 0 while it is not known. */
    public void progress(final long done, final long total) {
        arena.memory().putLong(ArenaLayout.PROGRESS_TOTAL, total);
        arena.memory().putLong(ArenaLayout.PROGRESS_DONE, done);
    }

    /** Leaves a text that is printed when the tree has finished; a later one replaces it. */
    public void summary(final String text) {
        if (scratch) {
            return;
        }
        final Path file = runDirectory.resolve(plan.name() + SUMMARY_SUFFIX);
        final Path draft = runDirectory.resolve(plan.name() + SUMMARY_SUFFIX + ".new");
        try {
            Files.writeString(draft, text);
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (final IOException refused) {
            throw new UncheckedIOException(file + ": " + refused.getMessage(), refused);
        }
    }

    /**
     * Says that the work of this daemon is done: after this duty cycle it closes and its process
     * ends with exit code 0.
     */
    public void finish() {
        finished = true;
    }

    List<String> poolNames() {
        return plan.pools().stream().map(PoolPlan::name).toList();
    }

    boolean isFinished() {
        return finished;
    }

    /**
     * Before the daemon sleeps: says what is wrong with rings, and returns how long to sleep at
     * most, which is no longer than to the next deadline of a request.
     */
    long idleNs() {
        ends.tell();
        return Math.max(IDLE_NS_MIN, ends.quietNs(IDLE_NS_MAX));
    }

    void recovered(final boolean earlierState) {
        recovered = earlierState;
        // Those that only looked at the state are opened anew.
        ends.clear();
    }

    List<TransactionPool> pools() {
        return pools;
    }

    /** Returns whether root asks this incarnation to stop, or to hand over to its standby. */
    boolean isEndRequested() {
        return isStopRequested() || board.word(plan.slot(), BoardWord.HANDOVER_EPOCH) == epoch;
    }

    /** Returns whether root asks this incarnation to stop. */
    boolean isStopRequested() {
        return board.word(plan.slot(), BoardWord.STOP_EPOCH) == epoch;
    }
}
