package io.coppice.pool.pipe;

/**
 * What a slot of a pipe is for, in one word that is changed by compare-and-set alone.
 *
 * <pre>
 *   bits  0-2    state
 *   bits  3-8    process that offers or polls; READY: that made it READY
 *   bits  9-15   turn of its transaction: the lowest bits of what its decided word becomes
 *   bits 16-63   READY, POLLED: number of the message; OFFERED: place in its transaction, from 1
 * </pre>
 *
 * A free slot is 0. Only the process that an OFFERED or POLLED word names changes it, or after its
 * certified death whoever hands back for it.
 */
final class SlotWord {
    /** No message. */
    static final long FREE = 0;

    /** A message of a transaction that is not yet known to stand. */
    static final int OFFERED = 1;

    /** A message for whoever polls it first. */
    static final int READY = 2;

    /** A message that a transaction has polled, and that is not yet known to stand. */
    static final int POLLED = 3;

    /** Processes that there are bits for. */
    static final int PROCESSES_MAX = 64;

    private static final int PROCESS_SHIFT = 3;
    private static final int TURN_SHIFT = 9;
    private static final int NUMBER_SHIFT = 16;
    private static final int STATE_MASK = 7;
    private static final int TURN_MASK = 0x7f;

    private SlotWord() {}

    static long offered(final int process, final long decided, final long place) {
        return place << NUMBER_SHIFT
                | (decided & TURN_MASK) << TURN_SHIFT
                | (long) process << PROCESS_SHIFT
                | OFFERED;
    }

    /** Returns what a held word becomes for everybody. */
    static long ready(final long held, final long number) {
        return number << NUMBER_SHIFT | held & (long) PROCESSES_MAX - 1 << PROCESS_SHIFT | READY;
    }

    /** Returns whether a word is that of a message for everybody with a number. */
    static boolean isReady(final long word, final long number) {
        return isReady(word) && number(word) == number;
    }

    static long polled(final int process, final long decided, final long number) {
        return number << NUMBER_SHIFT
                | (decided & TURN_MASK) << TURN_SHIFT
                | (long) process << PROCESS_SHIFT
                | POLLED;
    }

    /** Returns the state; anything where the word is damaged. */
    static int state(final long word) {
        return (int) word & STATE_MASK;
    }

    static boolean isReady(final long word) {
        return state(word) == READY;
    }

    /** Returns whether a process has the message in its hands. */
    static boolean isHeld(final long word) {
        return state(word) == OFFERED || state(word) == POLLED;
    }

    static int process(final long word) {
        return (int) (word >>> PROCESS_SHIFT) & PROCESSES_MAX - 1;
    }

    /** Returns the number of the message, or its place in its transaction. */
    static long number(final long word) {
        return word >>> NUMBER_SHIFT;
    }

    /** Returns whether a held word's transaction is among those that were decided. */
    static boolean stands(final long word, final long decided) {
        return (word >>> TURN_SHIFT & TURN_MASK) != (decided + 1 & TURN_MASK);
    }
}
