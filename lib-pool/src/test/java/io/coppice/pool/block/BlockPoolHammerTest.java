package io.coppice.pool.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Journal;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.TestJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Worker processes that allocate, hold, give, take and release blocks, each passing some on to the
 * next, and are killed with SIGKILL at random; the daemon reclaims what the dead held, and works
 * beside them. Each block carries the token of who has it alone, at both of its ends: where it is
 * another's, two have had it at once.
 */
class BlockPoolHammerTest {
    private static final long SEED = 20_261_121;
    private static final int WORKERS = 3;
    private static final int KILLS = 8;
    private static final long STARTED_NS = TimeUnit.SECONDS.toNanos(60);

    private static final int JOURNAL_BYTES = 8192;
    private static final int BLOCKS = 20;
    private static final int BLOCK_BYTES = 128;
    private static final int LEDGER = 12;
    private static final int HELD_MOST = 5;
    private static final int POOL = (1 + WORKERS) * JOURNAL_BYTES;
    private static final long POOL_BYTES =
            BlockPool.bytes(BLOCKS, BLOCK_BYTES, 1 + WORKERS, LEDGER);

    /** Words of a worker, 64 bytes each; all but the rounds are deferred to its commits. */
    private static final long WORDS = POOL + POOL_BYTES;

    private static final int GIVEN_BLOCK = 0;
    private static final int GIVEN_TOKEN = 8;
    private static final int GIVEN = 16;
    private static final int TAKEN = 24;
    private static final int ROUNDS = 32;
    private static final long STOP = WORDS + 64L * WORKERS;
    private static final long VIOLATIONS = STOP + 8;
    private static final long BYTES = STOP + 64;

    @TempDir private Path directory;

    /** One worker, until it is told to stop. */
    static final class WorkerMain {
        private final Memory memory;
        private final int worker;
        private final Journal journal;
        private final BlockPool pool;
        private final BlockPoolLayout layout;
        private final Random random;
        private final long epoch;
        private final List<Integer> held = new ArrayList<>();
        private final List<Long> tokens = new ArrayList<>();
        private long lastToken;

        private WorkerMain(final Memory memory, final int worker, final long epoch) {
            this.memory = memory;
            this.worker = worker;
            this.epoch = epoch;
            this.journal = journal(memory, 1 + worker);
            this.pool = BlockPool.attach("blocks", journal, memory, POOL, POOL_BYTES, 1 + worker);
            this.layout = BlockPoolLayout.read("blocks", memory, POOL, POOL_BYTES);
            this.random = new Random(SEED + 31 * epoch + worker);
        }

        public static void main(final String[] args) {
            final WorkerMain main =
                    new WorkerMain(
                            MappedFile.writable(Path.of(args[0])),
                            Integer.parseInt(args[1]),
                            Long.parseLong(args[2]));
            while (main.memory.getLongVolatile(STOP) == 0) {
                main.round();
                main.memory.getAndAddLong(words(main.worker) + ROUNDS, 1);
            }
            while (!main.held.isEmpty()) {
                main.release();
            }
        }

        private void round() {
            switch (random.nextInt(4)) {
                case 0:
                    allocate();
                    break;
                case 1:
                    release();
                    break;
                case 2:
                    give();
                    break;
                default:
                    take();
                    break;
            }
        }

        private void allocate() {
            if (held.size() == HELD_MOST) {
                return;
            }
            journal.begin();
            final int block = pool.tryAllocate();
            if (block == BlockPool.NONE || random.nextInt(8) == 0) {
                journal.rollback();
                return;
            }
            final long token = mark(block);
            journal.commit();
            keep(block, token);
        }

        private void release() {
            if (held.isEmpty()) {
                return;
            }
            final int index = random.nextInt(held.size());
            verify(held.get(index), tokens.get(index));
            journal.begin();
            pool.release(held.get(index));
            if (random.nextInt(8) == 0) {
                journal.rollback();
                return;
            }
            journal.commit();
            drop(index);
        }

        private void give() {
            final long given = memory.getLongVolatile(words(worker) + GIVEN);
            if (held.isEmpty() || memory.getLongVolatile(words(next()) + TAKEN) != given) {
                return;
            }
            final int index = random.nextInt(held.size());
            verify(held.get(index), tokens.get(index));
            journal.begin();
            pool.give(held.get(index));
            journal.deferLong(words(worker) + GIVEN_BLOCK, held.get(index));
            journal.deferLong(words(worker) + GIVEN_TOKEN, tokens.get(index));
            journal.deferLong(words(worker) + GIVEN, given + 1);
            journal.commit();
            drop(index);
        }

        private void take() {
            final long from = words((worker + WORKERS - 1) % WORKERS);
            final long given = memory.getLongVolatile(from + GIVEN);
            if (given == memory.getLong(words(worker) + TAKEN) || held.size() == HELD_MOST) {
                return;
            }
            final int block = (int) memory.getLong(from + GIVEN_BLOCK);
            final long token = memory.getLong(from + GIVEN_TOKEN);
            // The giver's commit stores its words just before it moves the block.
            final long word = memory.getLongVolatile(POOL + layout.holderWord(block));
            if (!HolderWord.has(word, BlockPool.DAEMON)) {
                return;
            }
            if (random.nextBoolean()) {
                journal.begin();
                pool.hold(block);
                journal.commit();
                verify(block, token);
                journal.begin();
                pool.release(block);
                journal.commit();
            }
            verify(block, token);
            journal.begin();
            pool.take(block);
            journal.deferLong(words(worker) + TAKEN, given);
            journal.commit();
            keep(block, mark(block));
        }

        private int next() {
            return (worker + 1) % WORKERS;
        }

        private long mark(final int block) {
            lastToken++;
            final long token = epoch << 40 | (long) worker << 32 | lastToken;
            memory.putLong(pool.offset(block), token);
            memory.putLong(pool.offset(block) + BLOCK_BYTES - Long.BYTES, token);
            return token;
        }

        private void verify(final int block, final long token) {
            final long first = memory.getLong(pool.offset(block));
            final long last = memory.getLong(pool.offset(block) + BLOCK_BYTES - Long.BYTES);
            if (first != token || last != token) {
                memory.getAndAddLong(VIOLATIONS, 1);
                System.err.printf(
                        "worker %d: block %d has %x and %x, not %x%n",
                        worker, block, first, last, token);
            }
        }

        private void keep(final int block, final long token) {
            held.add(block);
            tokens.add(token);
        }

        private void drop(final int index) {
            held.remove(/* index */ index);
            tokens.remove(index);
        }
    }

    @Test
    void nothingIsLostAndNothingHeldTwiceHoweverManyAreKilled()
            throws IOException, InterruptedException {
        final Path file = Files.write(directory.resolve("blocks"), new byte[(int) BYTES]);
        final Memory memory = MappedFile.writable(file);
        final Journal journal = journal(memory, 0);
        final BlockPool daemon =
                BlockPool.layOut(
                        "blocks", journal, memory, POOL, BLOCKS, BLOCK_BYTES, 1 + WORKERS, LEDGER);
        final Process[] workers = new Process[WORKERS];
        final long[] epochs = new long[WORKERS];
        final Random random = new Random(SEED);
        try {
            for (int worker = 0; worker < WORKERS; worker++) {
                workers[worker] = start(file, worker, ++epochs[worker]);
            }
            for (int kill = 0; kill < KILLS; kill++) {
                final int worker = random.nextInt(WORKERS);
                final long rounds = memory.getLongVolatile(words(worker) + ROUNDS);
                await(memory, worker, rounds + random.nextInt(20_000), journal, daemon);
                workers[worker].destroyForcibly().waitFor();
                journal(memory, 1 + worker);
                daemon.reclaim(1 + worker);
                workers[worker] = start(file, worker, ++epochs[worker]);
            }
            for (int worker = 0; worker < WORKERS; worker++) {
                final long rounds = memory.getLongVolatile(words(worker) + ROUNDS);
                await(memory, worker, rounds + 1000, journal, daemon);
            }
            memory.putLongVolatile(STOP, 1);
            for (final Process worker : workers) {
                assertTrue(worker.waitFor(60, TimeUnit.SECONDS));
                assertEquals(0, worker.exitValue());
            }
        } finally {
            for (final Process worker : workers) {
                if (worker != null) {
                    worker.destroyForcibly();
                }
            }
        }
        assertEquals(0, memory.getLong(VIOLATIONS), "violations, seed " + SEED);
        assertEquals(List.of(), BlockPoolInvariants.check(memory, POOL, POOL_BYTES));
        final Set<Integer> inFlight = inFlight(memory);
        // Deaths may leave the count wrong until the daemon attaches.
        final Journal nextJournal = journal(memory, 0);
        final BlockPool next =
                BlockPool.attach("blocks", nextJournal, memory, POOL, POOL_BYTES, BlockPool.DAEMON);
        assertEquals(inFlight.size(), next.size(), "in use, seed " + SEED);
        nextJournal.begin();
        for (final int block : inFlight) {
            next.release(block);
        }
        nextJournal.commit();
        assertEquals(BLOCKS, allocateAll(nextJournal, next).size(), "blocks, seed " + SEED);

        long rounds = 0;
        long handed = 0;
        for (int worker = 0; worker < WORKERS; worker++) {
            rounds += memory.getLong(words(worker) + ROUNDS);
            handed += memory.getLong(words(worker) + TAKEN);
        }
        System.out.println(
                "block pool hammer: seed "
                        + SEED
                        + ", "
                        + KILLS
                        + " kills, "
                        + rounds
                        + " rounds, "
                        + handed
                        + " blocks handed on, "
                        + inFlight.size()
                        + " in flight at the end");
        assertTrue(handed > 0, "no block was handed on");
    }

    /** Returns the blocks that were given and not taken, which the daemon alone must hold. */
    private static Set<Integer> inFlight(final Memory memory) {
        final BlockPoolLayout layout = BlockPoolLayout.read("blocks", memory, POOL, POOL_BYTES);
        final Set<Integer> blocks = new HashSet<>();
        for (int worker = 0; worker < WORKERS; worker++) {
            final long words = words(worker);
            if (memory.getLong(words + GIVEN)
                    != memory.getLong(words((worker + 1) % WORKERS) + TAKEN)) {
                assertTrue(blocks.add((int) memory.getLong(words + GIVEN_BLOCK)), "given twice");
            }
        }
        for (int block = 0; block < BLOCKS; block++) {
            assertEquals(
                    blocks.contains(block) ? HolderWord.bit(BlockPool.DAEMON) : HolderWord.FREE,
                    memory.getLong(POOL + layout.holderWord(block))
                            & ~(HolderWord.OWN | HolderWord.LEAVING),
                    "holders of block " + block);
        }
        return blocks;
    }

    private static Set<Integer> allocateAll(final Journal journal, final BlockPool pool) {
        final Set<Integer> all = new HashSet<>();
        int block;
        do {
            journal.begin();
            block = pool.tryAllocate();
            journal.commit();
            assertTrue(block == BlockPool.NONE || all.add(block), "block " + block + " twice");
        } while (block != BlockPool.NONE);
        return all;
    }

    /** Waits for a worker's rounds, while the daemon too takes a block now and then. */
    private static void await(
            final Memory memory,
            final int worker,
            final long rounds,
            final Journal journal,
            final BlockPool daemon) {
        final long start = System.nanoTime();
        while (memory.getLongVolatile(words(worker) + ROUNDS) < rounds) {
            assertTrue(System.nanoTime() - start < STARTED_NS, "worker " + worker + " goes on");
            journal.begin();
            final int block = daemon.tryAllocate();
            journal.commit();
            // Leaves the processors to the workers.
            LockSupport.parkNanos(100_000);
            if (block != BlockPool.NONE) {
                journal.begin();
                daemon.release(block);
                journal.commit();
            }
        }
    }

    private static long words(final int worker) {
        return WORDS + 64L * worker;
    }

    private static Journal journal(final Memory memory, final int holder) {
        final Journal journal =
                new Journal(memory, (long) holder * JOURNAL_BYTES, JOURNAL_BYTES, holder);
        journal.recover();
        return journal;
    }

    private static Process start(final Path file, final int worker, final long epoch)
            throws IOException {
        return TestJvm.start(
                WorkerMain.class, file.toString(), Integer.toString(worker), Long.toString(epoch));
    }
}
