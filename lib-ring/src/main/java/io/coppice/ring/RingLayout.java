package io.coppice.ring;

import java.nio.charset.StandardCharsets;

/**
 * A ring: one writer, many readers. It lies in the writer's arena; each reader's position lies in a
 * cursor line of the reader's own arena, so that each side writes only what is its own.
 *
 * <pre>
 *      0  capacityBytes   of the records, a power of two
 *      8  generation      never 0, new each time the ring is laid out; stored last (release)
 *     16  mode            ordinal of a {@link RingMode}
 *     24  layout          {@link #LAYOUT}, the version of all this; stored before generation
 *     64  tail            position behind the last published record
 *    128  gate            the oldest record that is kept
 *    136  writerWaits     1 while the writer waits for readers
 *    144  announcedGate   where gate is about to go; a reader without a position begins here
 *    152  cutOffs         how many times a reader was cut off
 *    160  cutOffReader    slot of the last one
 *    168  cutOffReason    why, ordinal of a {@link CutOffReason}
 *    192  tailNumber      number of the record that comes next; stored before tail
 *    256  records         { length 32 bits, type 32 bits, number, payload padded to 8 } ...
 *         flights         of a ring whose messages travel in blocks: see {@link FlightsLayout}
 * </pre>
 *
 * Each line of 64 bytes has words that change together: readers look at {@code tail} all the time,
 * so nothing else is stored beside it.
 *
 * <p>Positions count bytes since the ring was laid out and never wrap; the place of a record is its
 * position modulo the capacity. A record never wraps: where it would, a padding record fills the
 * end; of that only length and type are there. Records are numbered from 0, so that a reader knows
 * how many it has missed. Those that were claimed and given up have a number, and no reader is
 * shown them.
 *
 * <p>A message longer than a record can be travels as a chain: consecutive records, of which only
 * padding may lie between, each with { type 32 bits, index of the part 32, length of the message
 * 32, 0 } before its bytes. They have one number, and one transaction publishes them, so a reader
 * that sees the first sees all; one that begins behind the first, since the gate stands there, has
 * lost the message. Or it lies in a block of the writer's arena, and the record says { type 32
 * bits, length 32, offset in the arena }; {@link FlightsLayout} says how the block comes back.
 *
 * <p>Ordering. The writer fills records behind {@code tail}, where no reader looks, and publishes
 * them by storing {@code tail} as a deferred store of its transaction: a death before the commit
 * leaves records nobody sees, a death after it has the successor store the same {@code tail} again.
 * A reader loads {@code tail} (acquire), reads, and stores its position as a deferred store of the
 * transaction in which it used the messages: so each message takes effect once. The writer loads
 * the positions (acquire) and overwrites only what lies before all of them.
 *
 * <p>{@code gate} is how far the writer may overwrite. Before it moves, {@code announcedGate} says
 * where to, and the writer looks at all positions again; a reader that begins stores its position
 * and then looks at {@code announcedGate} again. Both sides do it in one total order, so either the
 * writer sees the new reader and stays behind it, or the reader sees the announcement and begins
 * there. A writer that dies in between has moved nothing: its successor goes on from {@code gate}.
 *
 * <p>Where the mode lets the writer overtake readers, {@code gate} moves over records that were not
 * read. It is stored (release, then a store-store fence) before anything behind it is overwritten,
 * and is not undone: a death or a rollback after it costs the oldest records and tears none. A
 * reader copies a record and then loads {@code gate} (after a load-load fence, acquire): if it has
 * seen one overwritten byte, it sees the gate beyond the record, and throws the copy away. {@code
 * tail} is stored before any gate that is beyond the tail before, so a reader that goes on at the
 * gate finds whole records up to the tail that it loads afterwards.
 */
public final class RingLayout {
    /** A record that only fills the end of the ring. */
    public static final int PADDING_TYPE = -1;

    /** A record that was claimed and given up. */
    public static final int ABORTED_TYPE = -2;

    /** A part of a message that is longer than a record can be. */
    public static final int CHAIN_TYPE = -3;

    /** A message that lies in a block of the writer's arena. */
    public static final int BLOCK_TYPE = -4;

    /** Records begin on words. */
    public static final int ALIGNMENT = 8;

    /** Changes whenever anything in a ring moves; the letters keep apart what is no ring. */
    public static final long LAYOUT = 0x474e4952_00000001L;

    /** What each record takes beside its payload. */
    public static final int RECORD_HEADER_BYTES = 16;

    /** The longest record takes this part of the ring. */
    public static final int LONGEST_PART = 4;

    /** The longest chain carries this part of the ring. */
    public static final int LONGEST_CHAIN_PART = 2;

    /** What each part of a chain takes beside its bytes and its record's header. */
    public static final int PART_HEADER_BYTES = 16;

    /** The payload of a record that names a block. */
    public static final int BLOCK_PAYLOAD_BYTES = 16;

    static final int CAPACITY = 0;
    static final int GENERATION = 8;
    static final int MODE = 16;
    static final int LAYOUT_VERSION = 24;
    static final int TAIL = 64;
    static final int GATE = 128;
    static final int WRITER_WAITS = 136;
    static final int ANNOUNCED_GATE = 144;
    static final int CUT_OFFS = 152;
    static final int CUT_OFF_READER = 160;
    static final int CUT_OFF_REASON = 168;
    static final int TAIL_NUMBER = 192;
    static final int RECORDS = 256;

    static final int RECORD_LENGTH = 0;
    static final int RECORD_TYPE = 4;
    static final int RECORD_NUMBER = 8;

    static final int PART_TYPE = 0;
    static final int PART_INDEX = 4;
    static final int PART_MESSAGE_BYTES = 8;

    static final int BLOCK_MESSAGE_TYPE = 0;
    static final int BLOCK_MESSAGE_BYTES = 4;
    static final int BLOCK_OFFSET = 8;

    /** Of something that can be no record. */
    static final long UNSOUND = -1;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    static {
        if (RECORD_NUMBER + Long.BYTES != RECORD_HEADER_BYTES
                || RECORD_TYPE + Integer.BYTES > ALIGNMENT
                || PART_MESSAGE_BYTES + Integer.BYTES > PART_HEADER_BYTES
                || BLOCK_OFFSET + Long.BYTES != BLOCK_PAYLOAD_BYTES
                || LAYOUT_VERSION + Long.BYTES > TAIL
                || TAIL + Long.BYTES > GATE
                || CUT_OFF_REASON + Long.BYTES > TAIL_NUMBER
                || TAIL_NUMBER + Long.BYTES > RECORDS
                || RECORDS % ALIGNMENT != 0) {
            throw new AssertionError("the parts of a ring do not fit together");
        }
    }

    private RingLayout() {}

    /** Returns what a ring takes in an arena whose messages travel in no blocks. */
    public static long bytes(final int capacityBytes) {
        return bytes(capacityBytes, 0);
    }

    /**
     * Returns what a ring takes in an arena.
     *
     * @param blocks of the pool that messages may travel in; 0 where they do not
     */
    public static long bytes(final int capacityBytes, final int blocks) {
        return RECORDS + capacityBytes + FlightsLayout.bytes(blocks);
    }

    /** Returns the longest payload of a ring. */
    public static int payloadBytesMax(final long capacityBytes) {
        return (int) (capacityBytes / LONGEST_PART) - RECORD_HEADER_BYTES;
    }

    /** Returns how many bytes of a message each part of a chain but the last carries. */
    static int partBytes(final long capacityBytes) {
        return payloadBytesMax(capacityBytes) - PART_HEADER_BYTES;
    }

    /** Returns the longest message that travels as a chain. */
    static int chainBytesMax(final long capacityBytes) {
        return (int) (capacityBytes / LONGEST_CHAIN_PART);
    }

    /** Says what this program finds wrong with the layout word of a ring; null where nothing. */
    static String difference(final long layout) {
        if (layout == LAYOUT) {
            return null;
        }
        final String there =
                layout >>> Integer.SIZE == LAYOUT >>> Integer.SIZE
                        ? "is of layout " + (int) layout
                        : "says no layout";
        return there
                + ", this program knows "
                + (int) LAYOUT
                + ": let the same build write and read it, or reset the writing daemon";
    }

    /** Returns the name of a ring in the directory. */
    public static String structureName(final String ring) {
        return "ring:" + ring;
    }

    /** Returns what a record of a payload takes. */
    static int recordBytes(final int payloadBytes) {
        return RECORD_HEADER_BYTES + payloadBytes + ALIGNMENT - 1 & -ALIGNMENT;
    }

    /** Returns what a record takes, or {@link #UNSOUND} where there can be none like it. */
    static long recordBytes(
            final int type,
            final int length,
            final long position,
            final long tail,
            final long capacity) {
        final long toEnd = capacity - (position & capacity - 1);
        if (type != PADDING_TYPE
                && (type < BLOCK_TYPE
                        || length < payloadBytesMin(type)
                        || length > payloadBytesMax(capacity))) {
            return UNSOUND;
        }
        final long bytes = type == PADDING_TYPE ? toEnd : recordBytes(length);
        return bytes > toEnd || bytes > tail - position ? UNSOUND : bytes;
    }

    private static int payloadBytesMin(final int type) {
        return type == CHAIN_TYPE
                ? PART_HEADER_BYTES
                : type == BLOCK_TYPE ? BLOCK_PAYLOAD_BYTES : 0;
    }

    /**
     * Returns the key of a reader's cursor: FNV-1a, 64 bits, of the writer's and the ring's name;
     * never 0.
     */
    static long cursorKey(final String writer, final String ring) {
        long hash = FNV_OFFSET;
        for (final byte each : (writer + "/" + ring).getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ each & 0xff) * FNV_PRIME;
        }
        return hash == 0 ? 1 : hash;
    }
}
