package io.coppice.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What the scheduler keeps about a thread, as far as it concerns us; see {@code sched_setattr(2)}.
 * Since Linux 6.12 {@code runtime} of a thread under the usual policy is how long its turns are:
 * the scheduler picks whose turn would be over first, and lets a thread that wakes up interrupt one
 * with longer turns.
 *
 * <pre>
 *      0  size        of this, in bytes         (32 bits)
 *      4  policy                                (32 bits)
 *      8  flags
 *     16  nice                                  (32 bits)
 *     20  priority                              (32 bits)
 *     24  runtime     in nanoseconds
 *     32  deadline, period
 * </pre>
 *
 * <p>For the thread that makes it.
 */
final class SchedulingAttributes {
    private static final int SIZE = 0;
    private static final int POLICY = 4;
    private static final int RUNTIME = 24;
    private static final int BYTES = 48;

    /** {@code SCHED_OTHER}, which all have who ask for nothing else. */
    private static final int POLICY_USUAL = 0;

    private static final long THIS_THREAD = 0;

    private final MemorySegment attributes = Arena.global().allocate(BYTES, Long.BYTES);

    /** Asks for turns of a length; returns that which is in force then, or 0. */
    long slice(final long sliceNs, final SystemCallNumbers numbers) {
        // All else of the thread has to stay as it is, its niceness above all.
        if (!load(numbers) || attributes.get(ValueLayout.JAVA_INT, POLICY) != POLICY_USUAL) {
            return 0;
        }
        attributes.set(ValueLayout.JAVA_LONG, RUNTIME, sliceNs);
        SystemCall.succeeds(numbers.schedSetattr(), THIS_THREAD, attributes.address(), 0, 0);
        return load(numbers) ? attributes.get(ValueLayout.JAVA_LONG, RUNTIME) : 0;
    }

    private boolean load(final SystemCallNumbers numbers) {
        attributes.set(ValueLayout.JAVA_INT, SIZE, BYTES);
        return SystemCall.succeeds(
                numbers.schedGetattr(), THIS_THREAD, attributes.address(), BYTES, 0);
    }
}
