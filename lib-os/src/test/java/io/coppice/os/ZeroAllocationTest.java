package io.coppice.os;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a supervisor's loop calls on every turn must leave nothing to the garbage collector. */
@Tag("allocation")
class ZeroAllocationTest {
    private static final int WINDOWS_MOST = 10;
    private static final int ROUNDS = 50_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir private Path directory;

    @Test
    void waitingWakingAndRingingAllocateNothing() {
        Assumptions.assumeTrue(OperatingSystemContract.isLinux(), "Linux");
        final OperatingSystem os =
                new LinuxOperatingSystem(
                        SystemCallNumbers.forArchitecture(System.getProperty("os.arch")));
        final SharedWord word = SharedWord.map(directory.resolve("word"));
        final Path path = directory.resolve("doorbell");
        try (WaitPoint waitPoint = os.openWaitPoint(4, path);
                Doorbell doorbell = os.openDoorbell(path)) {
            waitPoint.watch(ProcessHandle.current().pid());
            // A compiled method that is given up moves its objects back to the heap, once; so the
            // first windows may count
            // some, and one of them has to be free of any.
            long allocatedBytes = -1;
            for (int window = 0; window < WINDOWS_MOST && allocatedBytes != 0; window++) {
                final long before = THREADS.getCurrentThreadAllocatedBytes();
                turn(os, word.address(), waitPoint, doorbell, ROUNDS);
                allocatedBytes = THREADS.getCurrentThreadAllocatedBytes() - before;
            }

            assertEquals(0, allocatedBytes, "bytes allocated by " + ROUNDS + " turns");
        }
    }

    private static void turn(
            final OperatingSystem os,
            final long address,
            final WaitPoint waitPoint,
            final Doorbell doorbell,
            final int rounds) {
        for (int round = 0; round < rounds; round++) {
            os.futexWake(address, 1);
            os.futexWait(address, 0, 0);
            doorbell.ring();
            waitPoint.await(0);
            os.processTree().endedChild();
        }
    }
}
