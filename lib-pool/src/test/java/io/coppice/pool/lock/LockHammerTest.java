package io.coppice.pool.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.TestJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that take locks and are killed with SIGKILL at random. Whoever is inside says so in a
 * word of its own and looks at the words of the others: two writers, or a writer beside a reader,
 * are a violation. The parent reaps a dead child, clears its word, and hands its locks back.
 */
class LockHammerTest {
    private static final long SEED = 20_261_121;
    private static final int CHILDREN = 3;
    private static final int KILLS = 12;
    private static final long STARTED_NS = TimeUnit.SECONDS.toNanos(60);

    private static final int ONE = 0;
    private static final int SHARED = 128;
    private static final long SHARED_BYTES = ReadWriteLock.bytes(CHILDREN);
    private static final int VIOLATIONS = 1024;
    private static final int STOP = 1032;
    private static final int ROUNDS = 1088;
    private static final int INSIDE_ONE = 2048;
    private static final int INSIDE_SHARED = 3072;
    private static final long READS = 1;
    private static final long WRITES = 2;

    @TempDir private Path directory;

    /** Takes locks until it is told to stop. */
    static final class ChildMain {
        public static void main(final String[] args) {
            final Memory memory = MappedFile.writable(Path.of(args[0]));
            final int child = Integer.parseInt(args[1]);
            final LockSet set = LockSet.of(OwnerWord.of(child + 1, Long.parseLong(args[2])));
            final OperatingSystem os = OperatingSystem.current();
            final RobustLock one = RobustLock.attach("one", os, memory, ONE, RobustLock.bytes());
            final ReadWriteLock shared =
                    ReadWriteLock.attach("shared", os, memory, SHARED, SHARED_BYTES, child);
            final Random random = new Random(SEED + child);
            while (memory.getLongVolatile(STOP) == 0) {
                final boolean write = random.nextInt(3) == 0;
                if (one.tryLock(set, 1_000_000)) {
                    visit(memory, INSIDE_ONE, child, WRITES);
                    one.unlock(set);
                }
                if (write
                        ? shared.tryWriteLock(set, 1_000_000)
                        : shared.tryReadLock(set, 1_000_000)) {
                    visit(memory, INSIDE_SHARED, child, write ? WRITES : READS);
                    set.releaseAll();
                }
                memory.getAndAddLong(ROUNDS + 64L * child, 1);
            }
        }

        private static void visit(
                final Memory memory, final int inside, final int child, final long how) {
            memory.putLongVolatile(inside + 64L * child, how);
            for (int look = 0; look < 20; look++) {
                for (int other = 0; other < CHILDREN; other++) {
                    final long theirs = memory.getLongVolatile(inside + 64L * other);
                    if (other != child && theirs != 0 && (how == WRITES || theirs == WRITES)) {
                        memory.getAndAddLong(VIOLATIONS, 1);
                    }
                }
                Thread.onSpinWait();
            }
            memory.putLongVolatile(inside + 64L * child, 0);
        }
    }

    @Test
    void noTwoAreInsideHoweverManyAreKilled() throws IOException, InterruptedException {
        final Path file = Files.write(directory.resolve("locks"), new byte[4096]);
        final Memory memory = MappedFile.writable(file);
        final OperatingSystem os = OperatingSystem.current();
        final RobustLock one = RobustLock.layOut("one", os, memory, ONE, 1);
        final ReadWriteLock shared =
                ReadWriteLock.layOut("shared", os, memory, SHARED, 2, CHILDREN, 0);
        final Process[] children = new Process[CHILDREN];
        final long[] epochs = new long[CHILDREN];
        final Random random = new Random(SEED);
        int handedBack = 0;
        try {
            for (int child = 0; child < CHILDREN; child++) {
                children[child] = start(file, child, ++epochs[child]);
            }
            for (int kill = 0; kill < KILLS; kill++) {
                final int child = random.nextInt(CHILDREN);
                awaitRounds(
                        memory,
                        child,
                        memory.getLongVolatile(rounds(child)) + random.nextInt(5000));
                children[child].destroyForcibly().waitFor();
                memory.putLongVolatile(INSIDE_ONE + 64L * child, 0);
                memory.putLongVolatile(INSIDE_SHARED + 64L * child, 0);
                final long dead = OwnerWord.of(child + 1, epochs[child]);
                handedBack += one.handBack(dead) ? 1 : 0;
                handedBack += shared.handBack(dead) ? 1 : 0;
                assertEquals(List.of(), LockInvariants.check(memory, ONE, RobustLock.bytes()));
                children[child] = start(file, child, ++epochs[child]);
            }
            for (int child = 0; child < CHILDREN; child++) {
                awaitRounds(memory, child, memory.getLongVolatile(rounds(child)) + 100);
            }
            memory.putLongVolatile(STOP, 1);
            for (final Process child : children) {
                assertTrue(child.waitFor(60, TimeUnit.SECONDS));
                assertEquals(0, child.exitValue());
            }
        } finally {
            for (final Process child : children) {
                if (child != null) {
                    child.destroyForcibly();
                }
            }
        }
        System.out.println(
                "lock hammer: seed "
                        + SEED
                        + ", "
                        + KILLS
                        + " kills, "
                        + handedBack
                        + " handed back");
        assertEquals(0, memory.getLong(VIOLATIONS), "violations, seed " + SEED);
        assertEquals(OwnerWord.NOBODY, one.owner());
    }

    private static long rounds(final int child) {
        return ROUNDS + 64L * child;
    }

    private static void awaitRounds(final Memory memory, final int child, final long rounds) {
        final long start = System.nanoTime();
        while (memory.getLongVolatile(rounds(child)) < rounds) {
            assertTrue(System.nanoTime() - start < STARTED_NS, "child " + child + " goes on");
            // Leaves the processors to the children.
            LockSupport.parkNanos(100_000);
        }
    }

    private static Process start(final Path file, final int child, final long epoch)
            throws IOException {
        return TestJvm.start(
                ChildMain.class, file.toString(), Integer.toString(child), Long.toString(epoch));
    }
}
