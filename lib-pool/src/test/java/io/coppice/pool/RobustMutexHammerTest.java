package io.coppice.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coppice.os.OperatingSystem;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that take turns and are killed at random: the next one always gets it, and one alone.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class RobustMutexHammerTest {
    private static final int PROCESSES = 3;
    private static final int KILLS = 8;
    private static final long MUTEX = 0;
    private static final long INSIDE = 64;
    private static final long INTRUDERS = 128;

    /** One more than the number of the process that keeps the mutex until it is killed. */
    private static final long KEEP = 136;

    private static final long KEPT = 144;
    private static final long INHERITED = 192;
    private static final long TURNS = 256;
    private static final long BYTES = 4096;
    private static final long LONG_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long LOOK_NS = 100_000;
    private static final long WAIT_NS = TimeUnit.SECONDS.toNanos(5);
    private static final int LOOKS = 2_000;

    @TempDir Path folder;

    @Test
    void theDeathOfAProcessWakesTheNextOne() throws Exception {
        final OperatingSystem os = OperatingSystem.current();
        assumeTrue(RobustMutex.isSupported(os));
        final Path file = folder.resolve("mutex");
        os.preallocate(file, BYTES);
        final Memory memory = MappedFile.writable(file);
        final Random random = new Random(5);
        final Process[] processes = new Process[PROCESSES];
        int killedInside = 0;
        try {
            for (int i = 0; i < PROCESSES; i++) {
                processes[i] = start(file, i);
            }
            for (int kill = 0; kill < KILLS; kill++) {
                for (int i = 0; i < PROCESSES; i++) {
                    awaitTurns(memory, i, 100);
                }
                final int victim = random.nextInt(PROCESSES);
                if (kill % 2 == 0) {
                    memory.putLongVolatile(KEPT, 0);
                    memory.putLongVolatile(KEEP, victim + 1);
                    await("the victim has it", () -> memory.getLongVolatile(KEPT) != 0);
                }
                processes[victim].destroyForcibly();
                assertTrue(processes[victim].waitFor(60, TimeUnit.SECONDS));
                memory.putLongVolatile(KEEP, 0);
                for (int i = 0; i < PROCESSES; i++) {
                    if (i != victim) {
                        awaitTurns(memory, i, 100);
                    }
                }
                killedInside = (int) memory.getLongVolatile(INHERITED);
                processes[victim] = start(file, victim);
            }
        } finally {
            for (final Process process : processes) {
                if (process != null) {
                    process.destroyForcibly().waitFor();
                }
            }
        }
        System.out.println("robust mutex: " + KILLS + " kills, " + killedInside + " of the owner");
        assertEquals(0, memory.getLongVolatile(INTRUDERS));
        assertTrue(killedInside >= KILLS / 2, killedInside + " of the owner");
        // The test is the next owner, whoever of them was killed last.
        final RobustMutex mutex = RobustMutex.of(os, memory, MUTEX);
        assertTrue(mutex.lock(LONG_NS) != RobustMutex.Turn.NONE);
        mutex.unlock();
    }

    private static Process start(final Path file, final int number) throws Exception {
        return TestJvm.start(
                RobustMutexHammerTest.class, file.toString(), Integer.toString(number));
    }

    private static void awaitTurns(final Memory memory, final int number, final long more) {
        final long at = TURNS + number * 64L;
        final long enough = memory.getLongVolatile(at) + more;
        await("process " + number + " has its turns", () -> memory.getLongVolatile(at) >= enough);
    }

    private static void await(final String what, final BooleanSupplier condition) {
        final long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - start < LONG_NS, what);
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    /** Takes turns until it is killed, or for two minutes. */
    public static void main(final String[] arguments) {
        final Memory memory = MappedFile.writable(Path.of(arguments[0]));
        final int number = Integer.parseInt(arguments[1]);
        final RobustMutex mutex = RobustMutex.of(OperatingSystem.current(), memory, MUTEX);
        final long start = System.nanoTime();
        while (System.nanoTime() - start < 2 * LONG_NS) {
            // Bounded as a standby's wait is: where every wake-up were lost, the turns would be
            // late.
            final RobustMutex.Turn turn = mutex.lock(WAIT_NS);
            if (turn == RobustMutex.Turn.NONE) {
                continue;
            }
            if (turn == RobustMutex.Turn.INHERITED) {
                memory.putLongVolatile(INHERITED, memory.getLongVolatile(INHERITED) + 1);
            }
            memory.putLongVolatile(INSIDE, number);
            for (int look = 0; look < LOOKS; look++) {
                if (memory.getLongVolatile(INSIDE) != number) {
                    memory.getAndAddLong(INTRUDERS, 1);
                }
            }
            while (memory.getLongVolatile(KEEP) == number + 1) {
                memory.putLongVolatile(KEPT, 1);
            }
            memory.getAndAddLong(TURNS + number * 64L, 1);
            mutex.unlock();
            LockSupport.parkNanos(1);
        }
    }
}
