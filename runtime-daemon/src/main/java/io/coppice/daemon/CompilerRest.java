package io.coppice.daemon;

import io.coppice.os.OperatingSystem;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Waits until the compilers of this process have nothing more to do, as far as its processor time
 * tells. On a machine where they get none it ends too early, and the time that it should have saved
 * is spent later: nothing depends on it.
 */
final class CompilerRest {
    /** Between two looks, in nanoseconds: the kernel counts processor time in steps of 10 ms. */
    private static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(15);

    /** Looks in a row that have to find nothing. */
    private static final int QUIET_LOOKS = 2;

    /** How long it waits at most, in nanoseconds. */
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(2);

    private final OperatingSystem os;
    private final long pid = ProcessHandle.current().pid();

    CompilerRest(final OperatingSystem os) {
        this.os = os;
    }

    /**
     * Waits.
     *
     * @param thereIsTime asked between two looks: false ends the wait
     */
    void await(final BooleanSupplier thereIsTime) {
        final long start = System.nanoTime();
        long cpuNs = os.activity(pid).cpuNs();
        int quiet = 0;
        while (quiet < QUIET_LOOKS
                && thereIsTime.getAsBoolean()
                && System.nanoTime() - start < PATIENCE_NS) {
            LockSupport.parkNanos(LOOK_NS);
            final long nowNs = os.activity(pid).cpuNs();
            quiet = nowNs == cpuNs ? quiet + 1 : 0;
            cpuNs = nowNs;
        }
    }
}
