package io.coppice.pool;

/**
 * A robust mutex: 32 bits whose form the kernel prescribes, since it stores there when the thread
 * that has the mutex ends; see {@code get_robust_list(2)}.
 *
 * <pre>
 *   31  30  29          0
 *  +---+---+-------------+
 *  | W | D |   thread    |
 *  +---+---+-------------+
 * </pre>
 *
 * {@code thread} is the kernel's number of the thread that has it, 0 where none has. {@code W} says
 * that somebody waits, {@code D} that the last one to have it ended and did not give it back. So
 * all zeroes are a mutex that is free.
 */
final class RobustMutexLayout {
    static final int WAITERS = 1 << 31;
    static final int OWNER_DIED = 1 << 30;
    static final int THREAD = OWNER_DIED - 1;

    static {
        if ((WAITERS ^ OWNER_DIED ^ THREAD) != -1) {
            throw new AssertionError("the parts of a robust mutex do not fit together");
        }
    }

    private RobustMutexLayout() {}
}
