package io.coppice.pool.pipe;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;

/**
 * A pipe.
 *
 * <pre>
 *      0  capacity         messages at most, 1 to 2^20; stored last of all
 *      8  messageBytesMax  of the longest message, 1 to 2^30
 *     16  processes        that share it, 1 to 64; 0 is the daemon
 *     64  head             numbers below it need not be looked for in the order
 *    128  tail             the next number
 *    192  returns          counts the bits that were set among the returned
 *    200  returnsSeen      what returns was when a look found none of them
 *    256  messages         the room of those who wait for a message, see WaitingRoom
 *    320  space            the room of those who wait for a free slot
 *    384  decided[]        a line for each process: how many of its transactions that used the
 *                          pipe were committed
 *         busy bits        one for each slot, 64 in a word: set where a search need not look
 *         returned bits    one for each slot: set where a message may be that the order does not
 *                          lead to
 *         order[]          numbers to slots; a power of two, at least twice the capacity
 *         slots            each: word, see {@link SlotWord}; length; the message
 * </pre>
 *
 * Each part begins at a multiple of 64, and so does each slot. The entry of number n is at place n
 * modulo the size of the order and holds n, the lowest bits of which the slot replaces. Numbers
 * begin at the size of the order, so that no entry of zeroes is one.
 */
public final class PipeLayout {
    /** The most messages of a pipe. */
    public static final int CAPACITY_MAX = 1 << 20;

    /** The length of the longest message of any pipe. */
    public static final int MESSAGE_BYTES_MAX = 1 << 30;

    /** The most processes of a pipe. */
    public static final int PROCESSES_MAX = SlotWord.PROCESSES_MAX;

    static final int CAPACITY = 0;
    static final int MESSAGE_BYTES = 8;
    static final int PROCESSES = 16;
    static final int HEAD = 64;
    static final int TAIL = 128;
    static final int RETURNS = 192;
    static final int RETURNS_SEEN = 200;
    static final int MESSAGES = 256;
    static final int SPACE = 320;
    static final int DECIDED = 384;
    static final int LINE_BYTES = 64;

    static final int SLOT_WORD = 0;
    static final int SLOT_LENGTH = 8;
    static final int SLOT_MESSAGE = 16;

    static {
        if (DECIDED % LINE_BYTES != 0
                || SPACE - MESSAGES < LINE_BYTES
                || RETURNS_SEEN + Long.BYTES > MESSAGES
                || SLOT_MESSAGE % Long.BYTES != 0) {
            throw new AssertionError("the words of a pipe must be aligned and apart");
        }
    }

    final int capacity;
    final int messageBytesMax;
    final int processes;
    final int bitWords;
    final int orderSize;
    final long busyOffset;
    final long returnedOffset;
    final long orderOffset;
    final long slotsOffset;
    final long slotBytes;
    final long bytes;

    /** Places the parts; refuses what {@link #refusal} names. */
    PipeLayout(final long capacity, final long messageBytesMax, final long processes) {
        final String refusal = refusal(capacity, messageBytesMax, processes);
        if (refusal != null) {
            throw new IllegalArgumentException(refusal);
        }
        this.capacity = (int) capacity;
        this.messageBytesMax = (int) messageBytesMax;
        this.processes = (int) processes;
        this.bitWords = (int) ((capacity + Long.SIZE - 1) / Long.SIZE);
        this.orderSize = Integer.highestOneBit(2 * (int) capacity - 1) << 1;
        this.busyOffset = DECIDED + processes * LINE_BYTES;
        this.returnedOffset = busyOffset + align((long) bitWords * Long.BYTES);
        this.orderOffset = returnedOffset + align((long) bitWords * Long.BYTES);
        this.slotsOffset = orderOffset + align((long) orderSize * Long.BYTES);
        this.slotBytes = align(SLOT_MESSAGE + messageBytesMax);
        this.bytes = slotsOffset + capacity * slotBytes;
    }

    /** Returns what is wrong with numbers that are to describe a pipe, or null. */
    static String refusal(final long capacity, final long messageBytesMax, final long processes) {
        if (capacity < 1 || capacity > CAPACITY_MAX) {
            return capacity + " messages, a pipe has room for 1 to " + CAPACITY_MAX;
        }
        if (messageBytesMax < 1 || messageBytesMax > MESSAGE_BYTES_MAX) {
            return "messages of " + messageBytesMax + " bytes, must be 1 to " + MESSAGE_BYTES_MAX;
        }
        if (processes < 1 || processes > PROCESSES_MAX) {
            return processes + " processes, a pipe has 1 to " + PROCESSES_MAX;
        }
        return null;
    }

    /** Reads the layout of a pipe, all of which must lie inside its range. */
    static PipeLayout read(
            final String name, final Memory arena, final long offset, final long bytes) {
        if (offset < 0
                || offset % LINE_BYTES != 0
                || bytes < DECIDED
                || offset > arena.bytes() - bytes) {
            throw new ArenaException(
                    name + ": " + bytes + " bytes at offset " + offset + " of " + arena.bytes());
        }
        final long capacity = arena.getLongAcquire(offset + CAPACITY);
        final long messageBytesMax = arena.getLong(offset + MESSAGE_BYTES);
        final long processes = arena.getLong(offset + PROCESSES);
        final String refusal = refusal(capacity, messageBytesMax, processes);
        if (refusal != null) {
            throw new ArenaException(name + ": " + refusal);
        }
        final PipeLayout layout = new PipeLayout(capacity, messageBytesMax, processes);
        if (layout.bytes > bytes) {
            throw new ArenaException(
                    name + ": needs " + layout.bytes + " bytes, there are " + bytes);
        }
        return layout;
    }

    /** Returns where it is counted how many transactions of a process were committed. */
    long decided(final int process) {
        return DECIDED + (long) process * LINE_BYTES;
    }

    /** Returns where the entry of a number is. */
    long orderEntry(final long number) {
        return orderOffset + (number & orderSize - 1) * Long.BYTES;
    }

    /** Returns what the entry of a number holds. */
    long entryOf(final long number, final int slot) {
        return number & -(long) orderSize | slot;
    }

    /** Returns the number that an entry found at the place of {@code number} is of. */
    long numberOf(final long entry, final long number) {
        return entry & -(long) orderSize | number & orderSize - 1;
    }

    /** Returns the slot that an entry names; anything where it is damaged. */
    int slotOf(final long entry) {
        return (int) entry & orderSize - 1;
    }

    /** Returns where a slot begins. */
    long slot(final int slot) {
        return slotsOffset + slot * slotBytes;
    }

    private static long align(final long value) {
        return value + LINE_BYTES - 1 & -LINE_BYTES;
    }
}
