package io.coppice.bench.ring;

/**
 * The file through which the bench and the processes of one subject agree. All words are of the
 * machine's byte order.
 *
 * <pre>
 *      0  go        which turn is to be made, from 1; -1 to end. 32 bits, a futex
 *      8  messages  how many this turn has
 *     64  done      counts processes that have done a turn, or failed. 32 bits, a futex
 *    128  line of process 0, then of process 1 ...
 *         0  ready     the turn that this process could begin now
 *         8  finished  the turn whose results stand in this line
 *        16  failed    1 where there is a file with the reason, 2 where what was received is wrong
 *        24  startNs   when the first message was about to be sent
 *        32  endNs     when the last one was sent, or had been received
 *        40  received  messages in this turn
 *        48  lost      messages in this turn that were told to be lost
 *        56  opened    1 once this process has its end, and waits for turns
 * </pre>
 *
 * Ordering: a process stores its results before {@code finished} (volatile), then counts up {@code
 * done} and wakes the bench, which loads {@code finished} first. {@code messages} is stored before
 * {@code go}. A process that dies leaves {@code finished} as it was; the bench looks whether it
 * lives whenever it has waited for a while.
 */
final class ControlLayout {
    static final int GO = 0;
    static final int MESSAGES = 8;
    static final int DONE = 64;
    static final int LINES = 128;
    static final int LINE_BYTES = 64;

    static final int READY = 0;
    static final int FINISHED = 8;
    static final int FAILED = 16;
    static final int START_NS = 24;
    static final int END_NS = 32;
    static final int RECEIVED = 40;
    static final int LOST = 48;
    static final int OPENED = 56;

    /** Value of {@link #GO} that ends a process. */
    static final int END = -1;

    /** Values of {@link #FAILED}. */
    static final int NOT_RUN = 1;

    static final int WRONG = 2;

    static {
        if (MESSAGES + Long.BYTES > DONE
                || DONE + Integer.BYTES > LINES
                || OPENED + Long.BYTES > LINE_BYTES) {
            throw new AssertionError("the parts of the control file do not fit together");
        }
    }

    private ControlLayout() {}

    static int bytes(final int processes) {
        return LINES + processes * LINE_BYTES;
    }
}
