package io.coppice.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What the first process of a container owes the others: it becomes the parent of those whose own
 * parent has ended, and when they end it has to fetch their statuses, or they stay as zombies.
 *
 * <p>The JDK waits for each child that it has started, by pid. So a dead child is only looked at
 * first, and fetched by its own pid where it is none of those. For one thread; allocates once.
 */
public final class Orphans {
    private static final int P_ALL = 0;
    private static final int WNOHANG = 1;
    private static final int WEXITED = 4;
    private static final int WNOWAIT = 0x01000000;

    /** {@code siginfo_t}, in which the pid follows three numbers and a gap. */
    private static final int INFO_BYTES = 128;

    private static final int INFO_PID = 16;

    private final MemorySegment info = Arena.global().allocate(INFO_BYTES, Long.BYTES);
    private final boolean isLinux = OperatingSystem.current() instanceof LinuxOperatingSystem;
    private final boolean isArm = "aarch64".equals(System.getProperty("os.arch"));

    /**
     * Fetches the statuses of all that are dead, except of one process.
     *
     * @param own pid of the child that the JDK waits for
     * @param most how many at most; each takes two system calls
     * @return how many there were
     */
    public int reap(final long own, final int most) {
        int reaped = 0;
        while (isLinux && reaped < most) {
            final long pid = firstDead();
            if (pid <= 0 || pid == own) {
                // The kernel shows the same one until the JDK has fetched it: next time, then.
                return reaped;
            }
            if (SystemCall.call(isArm ? 260 : 61, pid, 0, WNOHANG, 0) != pid) {
                return reaped;
            }
            reaped++;
        }
        return reaped;
    }

    /** Returns the pid of a dead child that stays as it is, 0 or less where there is none. */
    private long firstDead() {
        info.set(ValueLayout.JAVA_INT, INFO_PID, 0);
        final long result =
                SystemCall.call(
                        isArm ? 95 : 247,
                        P_ALL,
                        0,
                        info.address(),
                        WNOHANG | WEXITED | WNOWAIT,
                        0,
                        0);
        return result < 0 ? result : info.get(ValueLayout.JAVA_INT, INFO_PID);
    }
}
