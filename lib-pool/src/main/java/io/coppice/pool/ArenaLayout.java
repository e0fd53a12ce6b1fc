package io.coppice.pool;

/**
 * The fixed head of every arena file.
 *
 * <pre>
 *      0  magic              "COPPICE1", stored last by whoever creates the file
 *      8  formatVersion      32 bits
 *     16  arenaBytes         size of the file
 *     24  structuresOffset   where what the daemon lays out begins
 *     32  generation         unlike that of any earlier file; one more with each reset
 *     40  bootId             boot of the machine that used the file last; 0 in memory
 *     48  cleanStop          1 where the file was written out whole after its last use; 0 in memory
 *     64  phase              EMPTY, INIT or STATIC
 *     72  entryCount         entries of the directory that are whole
 *     80  allocatedBytes     end of the last structure
 *     88  fixedEntryCount    entries that root made and no reset removes
 *     96  writtenBytes       where it is beyond allocatedBytes: nothing behind it was ever stored to
 *    128  owner              {slot, epoch} of the daemon that has it, or had it last
 *    136  ready              epoch of the incarnation that says it is ready
 *    144  heartbeat          counts duty cycles
 *    152  finished           epoch of the incarnation that says its work is done
 *    160  recovery           how far the recovery of the last incarnation came, a {@link RecoveryWord}
 *    192  progressDone       for people
 *    200  progressTotal      for people; 0 while it is not known
 *    208  rollbacks          how many transactions recoveries undid
 *    216  recoveries         how many incarnations found the arena laid out
 *    256  turn               32 bits, a {@link RobustMutexLayout}: the thread that may store here, where
 *                            the daemon has a standby
 *    264  warm               epoch of the standby that says it is warm
 *    272  lastOfItsLine      epoch of the incarnation that ended so that no standby may go on
 *   4096  cursors[64]        positions of this daemon in the rings it reads, 64 bytes each
 *   4152  setAside           in the first cursor: 1 where root has put another file in place of this
 *   8192  directory[64]      128 bytes each
 *  16384  journal, pools, structures
 * </pre>
 *
 * A directory entry:
 *
 * <pre>
 *      0  nameLength         32 bits
 *      4  kind               32 bits, an ordinal of {@link StructureKind}
 *      8  offset             from the start of the arena, 64-byte aligned
 *     16  bytes
 *     24  name               UTF-8, at most 96 bytes
 *    120  bodyOffset         from the structure's start, behind its header; 0 where it has none
 * </pre>
 *
 * A cursor:
 *
 * <pre>
 *      0  key                hash of the writer's and the ring's name, 0 where the line is free
 *      8  generation         of the ring that the position belongs to
 *     16  position           of the next message to be read
 *     24  number             of the next message to be read; -1 where any may come
 *     32  lost               messages that the ring's writer has overwritten before they were read
 * </pre>
 */
public final class ArenaLayout {
    /** "COPPICE1" read as a little-endian word. */
    public static final long MAGIC = 0x3145434950504F43L;

    /** Changes whenever anything in the file moves. */
    public static final int FORMAT_VERSION = 5;

    /** The file is as root made it. */
    public static final long PHASE_EMPTY = 0;

    /** The daemon lays out its structures; a death in this phase starts over. */
    public static final long PHASE_INIT = 1;

    /** All structures are there; none is added any more. */
    public static final long PHASE_STATIC = 2;

    /** How many structures an arena can have, the fixed ones included. */
    public static final int DIRECTORY_ENTRIES = 64;

    /** How many rings a daemon can read. */
    public static final int CURSORS = 64;

    /** Longest name of a structure, in bytes of UTF-8. */
    public static final int NAME_BYTES_MAX = 96;

    /**
     * Where the cursors begin; a writer maps this page of its readers' arenas and nothing else of
     * them.
     */
    public static final int CURSORS_OFFSET = 4096;

    /** Size of all cursors. */
    public static final int CURSORS_BYTES = 4096;

    /** Size of one cursor. */
    public static final int CURSOR_BYTES = CURSORS_BYTES / CURSORS;

    /** Where the first fixed structure begins. */
    public static final int FIXED_OFFSET = 16384;

    /** Every structure begins on a cache line. */
    public static final int ALIGNMENT = 64;

    /** Offset of the magic. */
    public static final int MAGIC_OFFSET = 0;

    public static final int VERSION_OFFSET = 8;
    public static final int ARENA_BYTES = 16;
    public static final int STRUCTURES_OFFSET = 24;
    public static final int GENERATION = 32;
    public static final int BOOT_ID = 40;
    public static final int CLEAN_STOP = 48;
    public static final int PHASE = 64;
    public static final int ENTRY_COUNT = 72;
    public static final int ALLOCATED_BYTES = 80;
    public static final int FIXED_ENTRY_COUNT = 88;
    public static final int WRITTEN_BYTES = 96;
    public static final int OWNER = 128;
    public static final int READY = 136;
    public static final int HEARTBEAT = 144;
    public static final int FINISHED = 152;
    public static final int RECOVERY = 160;
    public static final int PROGRESS_DONE = 192;
    public static final int PROGRESS_TOTAL = 200;
    public static final int ROLLBACKS = 208;
    public static final int RECOVERIES = 216;
    public static final int TURN = 256;
    public static final int WARM = 264;
    public static final int LAST_OF_ITS_LINE = 272;

    /**
     * 1 where root has put another file in this one's place: whoever maps this one looks for that.
     * It lies in the page of the cursors, since the writers of rings map nothing else, and in the
     * last of them: readers of rings look at it all the time, and should not find its cache line
     * taken away by each step of a cursor that is in use.
     */
    public static final int SET_ASIDE = CURSORS_OFFSET + CURSORS_BYTES - Long.BYTES;

    public static final int CURSOR_KEY = 0;
    public static final int CURSOR_GENERATION = 8;
    public static final int CURSOR_POSITION = 16;
    public static final int CURSOR_NUMBER = 24;
    public static final int CURSOR_LOST = 32;

    static final int DIRECTORY_OFFSET = 8192;
    static final int ENTRY_BYTES = 128;
    static final int ENTRY_NAME_LENGTH = 0;
    static final int ENTRY_KIND = 4;
    static final int ENTRY_OFFSET = 8;
    static final int ENTRY_SIZE = 16;
    static final int ENTRY_NAME = 24;
    static final int ENTRY_BODY_OFFSET = 120;

    static {
        if (DIRECTORY_OFFSET + DIRECTORY_ENTRIES * ENTRY_BYTES != FIXED_OFFSET
                || CURSORS_OFFSET + CURSORS_BYTES != DIRECTORY_OFFSET
                || ENTRY_NAME + NAME_BYTES_MAX > ENTRY_BODY_OFFSET
                || ENTRY_BODY_OFFSET + Long.BYTES != ENTRY_BYTES
                || SET_ASIDE < cursor(CURSORS - 1) + CURSOR_LOST + Long.BYTES
                || FIXED_OFFSET % ALIGNMENT != 0) {
            throw new AssertionError("the parts of the arena's head do not fit together");
        }
    }

    private ArenaLayout() {}

    /** Returns where a directory entry begins. */
    static long entry(final int index) {
        return DIRECTORY_OFFSET + (long) index * ENTRY_BYTES;
    }

    /** Returns where a cursor begins. */
    public static long cursor(final int index) {
        return CURSORS_OFFSET + (long) index * CURSOR_BYTES;
    }

    /** Rounds up to the next cache line. */
    public static long align(final long bytes) {
        return bytes + ALIGNMENT - 1 & -ALIGNMENT;
    }
}
