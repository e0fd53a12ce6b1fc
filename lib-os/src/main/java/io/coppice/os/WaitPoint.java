package io.coppice.os;

/**
 * The one place where a supervisor waits: for the death of any process it watches, for its
 * doorbell, or for a deadline.
 *
 * <p>A death reported here is the kernel's own word (a pidfd that polls readable), and needs no
 * parenthood. For one thread.
 */
public interface WaitPoint extends AutoCloseable {
    /** Returned by {@link #watch} for a process that is gone already. */
    int GONE = -1;

    /**
     * Begins to watch a process.
     *
     * @return a token for {@link #died} and {@link #unwatch}, or {@link #GONE}
     * @throws OsException where the system has no descriptor left, or the capacity is used up
     */
    int watch(long pid);

    /** Returns whether a watched process was seen dead by the last {@link #await}. */
    boolean died(int token);

    /**
     * Sends a signal to the process group that a watched process leads, also where it is dead and
     * its members live. The kernel is asked by the descriptor of the watch, so a number that was
     * given out again is never mistaken for it.
     *
     * @return false where there is no such group, or the platform cannot do it (Linux before 6.9)
     */
    default boolean signalGroup(final int token, final int signal) {
        return false;
    }

    /** Ends the watch; the token may be given out again. */
    void unwatch(int token);

    /**
     * Waits until a watched process is dead, the doorbell was rung since the last call, or the time
     * is up.
     *
     * @param timeoutNs how long at most, in nanoseconds; 0 or less only looks
     */
    void await(long timeoutNs);

    @Override
    void close();
}
