package io.coppice.pool.task;

import io.coppice.pool.ArenaLayout;
import io.coppice.pool.ArenaPlan;
import io.coppice.pool.Journal;
import io.coppice.pool.JournalInvariants;
import io.coppice.pool.JournalLayout;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.plan.PoolPlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Checks what must hold of a pool between any two stores of its daemon and its workers, for {@code
 * coppice state verify} and for tests. What a transaction of the daemon changes is only checked
 * while none is under way, since until its end it may be half done.
 *
 * <p>Reads only, trusts nothing, never throws for what it finds; for any process that maps the
 * arena. While the writers live it may see two moments at once, and complain of that. Allocates.
 */
public final class PoolInvariants {
    /** No size and no number of a pool is larger. */
    private static final long COUNT_MAX = 1L << 30;

    private final Memory arena;
    private final PoolPlan plan;
    private final PoolLayout layout;
    private final long pool;
    private final boolean settled;
    private final List<String> wrong = new ArrayList<>();

    private PoolInvariants(final Memory arena, final DaemonPlan daemon, final PoolPlan plan) {
        this.arena = arena;
        this.plan = plan;
        this.layout = PoolLayout.of(plan);
        this.pool = ArenaPlan.pool(daemon, plan.name()).offset();
        final Structure journal = ArenaPlan.fixedStructures(daemon).get(0);
        this.settled = new Journal(arena, journal.offset(), journal.bytes()).isIdle();
    }

    /**
     * Returns what is wrong, one line each; nothing where the pool is sound.
     *
     * @param arena of the daemon, at least as long as its plan says
     */
    public static List<String> check(
            final Memory arena, final DaemonPlan daemon, final PoolPlan plan) {
        if (arena.bytes() < daemon.memoryBytes()) {
            return List.of("pool \"" + plan.name() + "\": the arena is shorter than its plan");
        }
        return new PoolInvariants(arena, daemon, plan).check();
    }

    /**
     * Checks the geometry of a pool by itself, and its workers' journals: what can be said without
     * the plan. For the rest see the other one.
     */
    public static List<String> check(final Memory arena, final Structure place) {
        final long queueCapacity = arena.getLongAcquire(place.offset() + PoolLayout.QUEUE_CAPACITY);
        if (queueCapacity == 0
                || arena.getLongAcquire(ArenaLayout.PHASE) == ArenaLayout.PHASE_INIT) {
            return List.of();
        }
        final long workers = arena.getLong(place.offset() + PoolLayout.WORKERS);
        final long requestBytes = arena.getLong(place.offset() + PoolLayout.REQUEST_BYTES);
        final long replyBytes = arena.getLong(place.offset() + PoolLayout.REPLY_BYTES);
        final long journalBytes = arena.getLong(place.offset() + PoolLayout.JOURNAL_BYTES);
        // All are bounded, so no sum or product of them overflows.
        final boolean sane =
                isCount(queueCapacity, place)
                        && isCount(workers, place)
                        && isCount(requestBytes, place)
                        && isCount(replyBytes, place)
                        && isCount(journalBytes, place);
        final PoolLayout layout =
                sane
                        ? PoolLayout.of(
                                geometry(
                                        place.name(),
                                        (int) workers,
                                        (int) requestBytes,
                                        (int) replyBytes,
                                        journalBytes,
                                        (int) queueCapacity))
                        : null;
        final List<String> wrong = new ArrayList<>();
        if (layout == null || layout.bytes() != place.bytes()) {
            wrong.add(
                    "\""
                            + place.name()
                            + "\": "
                            + workers
                            + " workers, queue "
                            + queueCapacity
                            + ", request "
                            + requestBytes
                            + ", reply "
                            + replyBytes
                            + ", journal "
                            + journalBytes
                            + " are not a pool of "
                            + place.bytes()
                            + " bytes");
            return wrong;
        }
        for (int worker = 0; worker < workers; worker++) {
            wrong.addAll(
                    JournalInvariants.check(
                            arena,
                            new Structure(
                                    place.name() + "/" + worker,
                                    StructureKind.JOURNAL,
                                    place.offset() + layout.journal(worker),
                                    journalBytes)));
        }
        return wrong;
    }

    private static boolean isCount(final long word, final Structure place) {
        return word >= 1 && word <= Math.min(place.bytes(), COUNT_MAX);
    }

    private static PoolPlan geometry(
            final String name,
            final int workers,
            final int requestBytes,
            final int replyBytes,
            final long journalBytes,
            final int queueCapacity) {
        return new PoolPlan(
                name,
                "",
                1,
                workers,
                0,
                requestBytes,
                replyBytes,
                journalBytes,
                queueCapacity,
                1,
                1,
                1,
                1,
                List.of());
    }

    private List<String> check() {
        // A layout that was cut is cleared, and zeroes are a pool that nobody has used yet.
        if (arena.getLongAcquire(ArenaLayout.PHASE) == ArenaLayout.PHASE_INIT
                || word(PoolLayout.QUEUE_CAPACITY) == 0) {
            return wrong;
        }
        checkGeometry();
        if (wrong.isEmpty()) {
            checkTasks();
            for (int worker = 0; worker < plan.workersMax(); worker++) {
                checkSlot(worker);
            }
            checkCounts();
        }
        return wrong;
    }

    private void checkGeometry() {
        requireGeometry("workers", word(PoolLayout.WORKERS), plan.workersMax());
        requireGeometry("queue", word(PoolLayout.QUEUE_CAPACITY), plan.queueCapacity());
        requireGeometry("request", word(PoolLayout.REQUEST_BYTES), plan.requestBytes());
        requireGeometry("reply", word(PoolLayout.REPLY_BYTES), plan.replyBytes());
        requireGeometry("journal", word(PoolLayout.JOURNAL_BYTES), plan.journalBytes());
    }

    private void requireGeometry(final String what, final long there, final long planned) {
        require(there == planned, what + " is " + there + ", the plan says " + planned);
    }

    private void checkTasks() {
        final Set<Long> ids = new HashSet<>();
        for (int index = 0; index < plan.queueCapacity(); index++) {
            final long state = task(index, PoolLayout.TASK_STATE);
            final String who = "task " + index + ": ";
            require(
                    state >= PoolLayout.TASK_FREE && state <= PoolLayout.TASK_RUNNING,
                    who + "state " + state + " is none of 0, 1, 2");
            if (!settled || state == PoolLayout.TASK_FREE) {
                continue;
            }
            final long id = task(index, PoolLayout.TASK_ID);
            require(
                    id >= 1 && id <= word(PoolLayout.NEXT_TASK_ID),
                    who + "number " + id + " of " + word(PoolLayout.NEXT_TASK_ID));
            require(ids.add(id), who + "number " + id + " is there twice");
            requireRange(who + "attempts", task(index, PoolLayout.TASK_ATTEMPTS), attemptsMax());
            requireRange(
                    who + "interruptions",
                    task(index, PoolLayout.TASK_INTERRUPTIONS),
                    Long.MAX_VALUE);
            requireRange(
                    who + "request bytes",
                    task(index, PoolLayout.TASK_REQUEST_BYTES),
                    plan.requestBytes());
            if (state == PoolLayout.TASK_RUNNING) {
                checkHolder(index, who);
            }
        }
    }

    /** A task at its last attempt has used all before it. */
    private long attemptsMax() {
        return plan.attempts() - 1L;
    }

    /** A task is RUNNING one store before its slot says ASSIGNED, which still says IDLE then. */
    private void checkHolder(final int index, final String who) {
        final long worker = task(index, PoolLayout.TASK_WORKER);
        if (worker < 0 || worker >= plan.workersMax()) {
            wrong.add(line(who + "runs in slot " + worker));
            return;
        }
        final WorkerState state = state((int) worker);
        require(
                isWorking(state) || state == WorkerState.IDLE,
                who + "runs in slot " + worker + ", which is " + state);
        require(
                slot((int) worker, PoolLayout.SLOT_TASK) == index
                        && slot((int) worker, PoolLayout.SLOT_TASK_ID)
                                == task(index, PoolLayout.TASK_ID),
                who + "runs in slot " + worker + ", which has another in hand");
    }

    private void checkSlot(final int worker) {
        final String who = "slot " + worker + ": ";
        final long word = slot(worker, PoolLayout.SLOT_STATE);
        final WorkerState state = WorkerState.of(word);
        if (state.word(WorkerState.epoch(word)) != word) {
            wrong.add(line(who + "state " + word + " is none"));
            return;
        }
        checkSlotJournal(worker, state, who);
        if (settled && isWorking(state)) {
            final long task = slot(worker, PoolLayout.SLOT_TASK);
            require(
                    task >= 0
                            && task < plan.queueCapacity()
                            && task((int) task, PoolLayout.TASK_STATE) == PoolLayout.TASK_RUNNING
                            && task((int) task, PoolLayout.TASK_WORKER) == worker,
                    who + "is " + state + " with task " + task + ", which does not run there");
        }
        if (state == WorkerState.COMMITTED || state == WorkerState.FAILED) {
            requireRange(
                    who + "reply bytes",
                    slot(worker, PoolLayout.SLOT_REPLY_BYTES),
                    state == WorkerState.COMMITTED ? plan.replyBytes() : 0);
            requireRange(
                    who + "detail bytes",
                    slot(worker, PoolLayout.SLOT_DETAIL_BYTES),
                    state == WorkerState.FAILED ? PoolLayout.DETAIL_BYTES_MAX : 0);
        }
    }

    private void checkSlotJournal(final int worker, final WorkerState state, final String who) {
        final long journal = arena.getLongAcquire(pool + layout.journal(worker));
        require(
                journal == JournalLayout.IDLE
                        || state == WorkerState.RUNNING
                                && (journal == JournalLayout.ACTIVE
                                        || journal == JournalLayout.COMMITTED)
                        || state == WorkerState.COMMITTED && journal == JournalLayout.COMMITTED,
                who + "is " + state + " with a journal in state " + journal);
    }

    private void checkCounts() {
        for (final PoolCount count : PoolCount.values()) {
            requireRange("count " + count, word(count.offset()), Long.MAX_VALUE);
        }
        if (!settled) {
            return;
        }
        int present = 0;
        for (int index = 0; index < plan.queueCapacity(); index++) {
            present += task(index, PoolLayout.TASK_STATE) == PoolLayout.TASK_FREE ? 0 : 1;
        }
        final long submitted = word(PoolCount.SUBMITTED.offset());
        final long finished = word(PoolCount.FINISHED.offset());
        require(
                submitted - finished == present,
                submitted + " submitted - " + finished + " finished, but " + present + " present");
        require(
                word(PoolLayout.NEXT_TASK_ID) == submitted,
                submitted + " submitted, the last is number " + word(PoolLayout.NEXT_TASK_ID));
        final long died = word(PoolCount.DIED.offset());
        requireRange("count DIED", died, word(PoolCount.SPAWNED.offset()));
        requireRange(
                "counts TIMED_OUT + OUT_OF_MEMORY",
                word(PoolCount.TIMED_OUT.offset()) + word(PoolCount.OUT_OF_MEMORY.offset()),
                died);
    }

    private static boolean isWorking(final WorkerState state) {
        return state.ordinal() >= WorkerState.ASSIGNED.ordinal();
    }

    private WorkerState state(final int worker) {
        return WorkerState.of(slot(worker, PoolLayout.SLOT_STATE));
    }

    private long word(final long offset) {
        return arena.getLong(pool + offset);
    }

    private long task(final int index, final int offset) {
        return word(layout.task(index) + offset);
    }

    private long slot(final int worker, final int offset) {
        return word(layout.slot(worker) + offset);
    }

    private void requireRange(final String what, final long value, final long most) {
        require(value >= 0 && value <= most, what + " is " + value + " of at most " + most);
    }

    private void require(final boolean holds, final String message) {
        if (!holds) {
            wrong.add(line(message));
        }
    }

    private String line(final String message) {
        return "pool \"" + plan.name() + "\": " + message;
    }
}
