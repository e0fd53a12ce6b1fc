package io.coppice.pool.board;

import io.coppice.pool.ArenaLayout;
import io.coppice.pool.plan.TreePlan;

/**
 * The board: one file that only root writes and everyone maps read-only.
 *
 * <pre>
 *      0  magic             "COPBOARD", stored last
 *      8  formatVersion     32 bits
 *     16  plan              planBytes << 32 | planOffset: where the frozen configuration lies
 *     24  planRoom          bytes of each of the two places for it
 *     32  daemons           rows of the process table, spare ones included
 *     40  deathsOffset      of the death histories, 0 where there are none
 *     64  rootPid
 *     72  rootStartTime     as the kernel names it
 *     80  rootEpoch         counts the roots of this run directory
 *     88  treeState         a {@link TreeState}
 *     96  heartbeat         counts turns of root's loop
 *    104  startedMs         wall clock, for people
 *    112  chaosKills
 *    120  chaosSpared       chaos turns that found nobody it may kill
 *    128  readyNs           from root's start to all ready, for people
 *    136  bootId            of the machine's boot in which the board was made
 *    144  chaosPeriodNs     0 where there is no chaos; stored after the three below
 *    152  chaosKinds        mask of {@link io.coppice.pool.plan.ChaosKind}s
 *    160  chaosStopForNs
 *    168  chaosRandom       where the sequence of its choices is
 *    176  chaosStops        processes it has stopped for a time
 *    192  answers[16]       one word for each slot of the mailbox: {request, answer}
 *    320  turns[24]         turns of root's loop by how long they took, see {@link TurnTimes}
 *    512  killCount         entries ever written to the kill record
 *    576  kills[64]         { pid, startTime } of processes root kills on purpose
 *   1600  stopped[8]        32 bytes: { pid or 0, startTime, untilNs } of processes that chaos has stopped
 *   1856  trialGeneration   of the arena when the upgrade began
 *   1864  trialPlan         as {@code plan}: the plan an upgrade tries, 0 while there is none
 *   1872  planBefore        as {@code plan}: the plan an upgrade goes back to
 *   1880  trialEpoch        the incarnation that is started by {@code trialPlan}, 0 before its spawn
 *   1888  upgrade           an {@link UpgradeWord}: how far the last upgrade is
 *   4096  daemons[]         256 bytes each
 *  deathsOffset  a death history for each daemon, see {@link DeathHistoryLayout}
 *   then  histories[]       one for each daemon, see {@link RestartHistoryLayout}
 *   then  two places of planRoom bytes; the plan lies in one of them
 * </pre>
 *
 * <p>Ordering of the plan. One that replaces another is written into the place that is free, then
 * the word {@code plan} is stored with release; a reader acquires it once and finds one plan or the
 * other. A root that dies before that store leaves the old one.
 *
 * <p>Ordering of chaos, whose words only the next root reads. The period is 0 while the three words
 * beside it change: a death there leaves no chaos. A line of {@code stopped} gets its pid, with
 * release, behind the other words and before the signal is sent, and loses it after the process was
 * let go: a death in between has the next root let go one that was not stopped.
 *
 * <p>Ordering of an upgrade. The plan that is tried is written into the free place, then {@code
 * planBefore}, {@code trialGeneration}, {@code trialEpoch} = 0 and {@code trialPlan} are stored,
 * then {@code upgrade} says that it is under way: a death before that last store leaves an upgrade
 * that never was. {@code trialEpoch} comes before the spawn. The switch is the store of {@code
 * trialPlan} into {@code plan}, and the way back that of {@code planBefore}; so which plan counts
 * is one word, and whether it is the one on trial is a comparison. {@code upgrade} says that it is
 * over before {@code trialPlan} = 0 frees the place.
 *
 * <p>A row of the process table; all words, single-writer, stored one by one:
 *
 * <pre>
 *      0  state             a {@link DaemonState}
 *      8  epoch             of the current or last incarnation
 *     16  pid               0 while there is no process
 *     24  startTime
 *     32  stopEpoch         the incarnation that is asked to stop
 *     40  restarts          respawns after a death, chaos included
 *     48  spawnedMs         wall clock
 *     56  readyMs           wall clock, of the current incarnation
 *     64  exitClass         an {@link ExitClass} of the last exit
 *     72  exitStatus        code, or 128 + signal
 *     80  exitMs            wall clock
 *     88  exitEpoch
 *     96  nextStartMs       while backing off
 *    104  chaosKills
 *    112  spawnNs           System.nanoTime() before the last spawn
 *    120  deathNs           System.nanoTime() when the last death was seen
 *    128  readyNs           System.nanoTime() when readiness was seen
 *    136  failedRecoveries  in a row
 *    144  setAside          a {@link SetAside}: what became of the last try to set its arena aside
 *    152  quarantine        a {@link QuarantineReason}, while it is quarantined
 *    160  standbyState      a {@link StandbyState}
 *    168  standbyEpoch      of the standby, from before its spawn on, or of the last one
 *    176  standbyPid        0 while there is none
 *    184  standbyStartTime
 *    192  handoverEpoch     the incarnation that is asked to hand over to its standby
 *    200  takeovers         incarnations that went on in the place of another, handovers included
 *    208  standbyDeaths     standbys that ended before it was their turn
 * </pre>
 */
public final class BoardLayout {
    /** "COPBOARD" read as a little-endian word. */
    public static final long MAGIC = 0x4452414F42504F43L;

    /** Changes whenever anything in the file moves. */
    public static final int FORMAT_VERSION = 2;

    /** How many processes killed on purpose root remembers. */
    public static final int KILLS = 64;

    /** How many processes chaos may have stopped at a time. */
    public static final int STOPPED = 8;

    static final int MAGIC_OFFSET = 0;
    static final int VERSION = 8;
    static final int PLAN = 16;
    static final int PLAN_ROOM = 24;
    static final int DAEMONS = 32;
    static final int DEATHS_OFFSET = 40;
    static final int ROOT_PID = 64;
    static final int ROOT_START_TIME = 72;
    static final int ROOT_EPOCH = 80;
    static final int TREE_STATE = 88;
    static final int HEARTBEAT = 96;
    static final int STARTED_MS = 104;
    static final int CHAOS_KILLS = 112;
    static final int CHAOS_SPARED = 120;
    static final int READY_NS = 128;
    static final int BOOT_ID = 136;
    static final int CHAOS_PERIOD = 144;
    static final int CHAOS_KINDS = 152;
    static final int CHAOS_STOP_FOR = 160;
    static final int CHAOS_RANDOM = 168;
    static final int CHAOS_STOPS = 176;
    static final int ANSWERS = 192;
    static final int TURNS = 320;
    static final int KILL_COUNT = 512;
    static final int KILL_RECORDS = 576;
    static final int KILL_BYTES = 16;
    static final int STOPPED_RECORDS = 1600;
    static final int STOPPED_BYTES = 32;
    static final int TRIAL_GENERATION = 1856;
    static final int TRIAL_PLAN = 1864;
    static final int PLAN_BEFORE = 1872;
    static final int TRIAL_EPOCH = 1880;
    static final int UPGRADE = 1888;
    static final int TABLE = 4096;
    static final int ROW_BYTES = 256;

    /** Rows that no daemon has at first: as many may be added while the tree runs. */
    public static final int SPARE_ROWS = 16;

    /** Beyond twice the first plan, a plan may grow by this much before it needs another board. */
    private static final int PLAN_SLACK_BYTES = 16 * 1024;

    static {
        if (ANSWERS + MailboxLayout.SLOTS * Long.BYTES > TURNS
                || TURNS + TurnTimes.CLASSES * Long.BYTES > KILL_COUNT
                || KILL_RECORDS + KILLS * KILL_BYTES > STOPPED_RECORDS
                || STOPPED_RECORDS + STOPPED * STOPPED_BYTES > TRIAL_GENERATION
                || UPGRADE + Long.BYTES > TABLE) {
            throw new AssertionError("the parts of the board do not fit together");
        }
    }

    private BoardLayout() {}

    /** Returns how many rows a new board has for a plan. */
    public static int rows(final TreePlan plan) {
        return plan.highestRow() + SPARE_ROWS;
    }

    static long row(final int slot, final BoardWord word) {
        return TABLE + (long) (slot - 1) * ROW_BYTES + (long) word.ordinal() * Long.BYTES;
    }

    static long deathsOffset(final int daemons) {
        return ArenaLayout.align(TABLE + (long) daemons * ROW_BYTES);
    }

    static long history(final int slot, final int daemons) {
        return deathsOffset(daemons)
                + (long) daemons * DeathHistoryLayout.BYTES
                + (long) (slot - 1) * RestartHistoryLayout.HISTORY_BYTES;
    }

    /** Returns where the first of the two places for a plan begins. */
    static long plans(final int daemons) {
        return ArenaLayout.align(history(daemons + 1, daemons));
    }

    static long planRoom(final int planBytes) {
        return ArenaLayout.align(2L * planBytes + PLAN_SLACK_BYTES);
    }

    static long plan(final long offset, final int bytes) {
        return (long) bytes << Integer.SIZE | offset;
    }

    static long planOffset(final long plan) {
        return Integer.toUnsignedLong((int) plan);
    }

    static int planBytes(final long plan) {
        return (int) (plan >>> Integer.SIZE);
    }

    static long stopped(final int line) {
        return STOPPED_RECORDS + (long) line * STOPPED_BYTES;
    }

    static long turns(final int index) {
        return TURNS + (long) index * Long.BYTES;
    }

    static long killRecord(final long index) {
        return KILL_RECORDS + index % KILLS * KILL_BYTES;
    }
}
