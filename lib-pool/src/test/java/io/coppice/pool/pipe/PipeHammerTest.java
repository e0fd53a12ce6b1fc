package io.coppice.pool.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.Journal;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import io.coppice.pool.TestJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Worker processes that offer numbered messages of their own and poll everybody's, in transactions
 * of several that are now and then rolled back, and are killed with SIGKILL at random; the daemon
 * hands back for the dead, and polls beside them. Each poll is counted in a word of its message
 * under the journal of who polls: at the end every message that was offered was delivered once.
 */
class PipeHammerTest {
    private static final long SEED = 20_261_121;
    private static final int WORKERS = 3;

    /** One more than there are: handing back for it makes every repair that there is. */
    private static final int PROCESSES = 2 + WORKERS;

    private static final int KILLS = 10;
    private static final long STARTED_NS = TimeUnit.SECONDS.toNanos(120);
    private static final long WAIT_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private static final int JOURNAL_BYTES = 8192;
    private static final int CAPACITY = 70;
    private static final int MESSAGE_BYTES = 40;
    private static final int MESSAGES_MOST = 400_000;
    private static final int PIPE = (1 + WORKERS) * JOURNAL_BYTES;
    private static final long PIPE_BYTES = Pipe.bytes(CAPACITY, MESSAGE_BYTES, PROCESSES);

    /** Words of a worker, 64 bytes each. */
    private static final long WORDS = PIPE + PIPE_BYTES;

    private static final int OFFERED = 0;
    private static final int ROUNDS = 8;
    private static final long STOP = WORDS + 64L * WORKERS;
    private static final long VIOLATIONS = STOP + 8;

    /** For each worker's messages, how often they were delivered. */
    private static final long DELIVERED = STOP + 64;

    private static final long BYTES = DELIVERED + WORKERS * (long) MESSAGES_MOST * Long.BYTES;

    @TempDir private Path directory;

    /** Offers and polls, as one process. */
    private static final class Side {
        private final Memory memory;
        private final Journal journal;
        private final Pipe pipe;
        private final int process;
        private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[MESSAGE_BYTES]);

        Side(final Memory memory, final int process) {
            this.memory = memory;
            this.process = process;
            this.journal = journal(memory, process);
            this.pipe =
                    Pipe.attach(
                            "hammer",
                            OperatingSystem.current(),
                            journal,
                            memory,
                            PIPE,
                            PIPE_BYTES,
                            process);
        }

        void offer(final int worker) {
            final long at = words(worker) + OFFERED;
            final long number = memory.getLong(at);
            if (number == MESSAGES_MOST) {
                return;
            }
            buffer.putLong(0, worker);
            buffer.putLong(8, number);
            buffer.putLong(MESSAGE_BYTES - Long.BYTES, number);
            if (pipe.offer(buffer, 0, MESSAGE_BYTES, number % 4 == 0 ? WAIT_NS : 0)) {
                journal.putLong(at, number + 1);
            }
        }

        boolean poll(final long timeoutNs) {
            final int length = pipe.poll(buffer, 0, timeoutNs);
            if (length == Pipe.EMPTY) {
                return false;
            }
            final long worker = buffer.getLong(0);
            final long number = buffer.getLong(8);
            final long at = DELIVERED + (worker * MESSAGES_MOST + number) * Long.BYTES;
            if (length != MESSAGE_BYTES
                    || buffer.getLong(MESSAGE_BYTES - Long.BYTES) != number
                    || memory.getLong(at) != 0) {
                memory.getAndAddLong(VIOLATIONS, 1);
                System.err.printf(
                        "process %d: message %d of worker %d, of %d bytes, delivered %d times%n",
                        process, number, worker, length, memory.getLong(at));
            }
            journal.putLong(at, memory.getLong(at) + 1);
            return true;
        }
    }

    /** One worker, until it is told to stop. */
    static final class WorkerMain {
        private WorkerMain() {}

        public static void main(final String[] args) {
            final Memory memory = MappedFile.writable(Path.of(args[0]));
            final int worker = Integer.parseInt(args[1]);
            final Random random = new Random(SEED + 31 * Long.parseLong(args[2]) + worker);
            final Side side = new Side(memory, 1 + worker);
            while (memory.getLongVolatile(STOP) == 0) {
                side.journal.begin();
                for (int n = random.nextInt(6); n > 0; n--) {
                    if (random.nextBoolean()) {
                        side.offer(worker);
                    } else {
                        side.poll(random.nextInt(4) == 0 ? WAIT_NS : 0);
                    }
                }
                if (random.nextInt(8) == 0) {
                    side.journal.rollback();
                } else {
                    side.journal.commit();
                }
                memory.getAndAddLong(words(worker) + ROUNDS, 1);
            }
        }
    }

    @Test
    void eachMessageIsDeliveredOnceHoweverManyAreKilled() throws IOException, InterruptedException {
        final Path file = Files.write(directory.resolve("pipe"), new byte[(int) BYTES]);
        final Memory memory = MappedFile.writable(file);
        Pipe.layOut(
                "hammer",
                OperatingSystem.current(),
                journal(memory, 0),
                memory,
                PIPE,
                CAPACITY,
                MESSAGE_BYTES,
                PROCESSES);
        final Side daemon = new Side(memory, 0);
        final Process[] workers = new Process[WORKERS];
        final long[] epochs = new long[WORKERS];
        final Random random = new Random(SEED);
        try {
            for (int worker = 0; worker < WORKERS; worker++) {
                workers[worker] = start(file, worker, ++epochs[worker]);
            }
            for (int kill = 0; kill < KILLS; kill++) {
                final int worker = random.nextInt(WORKERS);
                await(daemon, worker, random.nextInt(10_000));
                workers[worker].destroyForcibly().waitFor();
                journal(memory, 1 + worker);
                daemon.pipe.reclaim(1 + worker);
                workers[worker] = start(file, worker, ++epochs[worker]);
            }
            for (int worker = 0; worker < WORKERS; worker++) {
                await(daemon, worker, 1000);
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
        daemon.journal.begin();
        int left = 0;
        while (daemon.poll(0)) {
            left++;
        }
        daemon.journal.commit();
        assertEquals(0, memory.getLong(VIOLATIONS), "violations, seed " + SEED);
        final PipeLayout layout = PipeLayout.read("hammer", memory, PIPE, PIPE_BYTES);
        final Slots slots = new Slots("hammer", memory.slice(PIPE, layout.bytes), layout);
        assertEquals(
                List.of(),
                PipeInvariants.checkSettled(
                        slots, new PipeQueue(slots, OperatingSystem.current()), memory, PIPE));
        System.out.println(
                "pipe hammer: seed "
                        + SEED
                        + ", "
                        + KILLS
                        + " kills, "
                        + requireEachOnce(memory)
                        + " messages, "
                        + left
                        + " in the pipe at the end");
        requireAllFree(daemon);
    }

    private static long requireEachOnce(final Memory memory) {
        long messages = 0;
        for (int worker = 0; worker < WORKERS; worker++) {
            final long offered = memory.getLong(words(worker) + OFFERED);
            assertTrue(offered > 0, "worker " + worker + " offered nothing");
            messages += offered;
            for (long number = 0; number < MESSAGES_MOST; number++) {
                assertEquals(
                        number < offered ? 1 : 0,
                        memory.getLong(
                                DELIVERED + (worker * (long) MESSAGES_MOST + number) * Long.BYTES),
                        "deliveries of message " + number + " of " + worker + ", seed " + SEED);
            }
        }
        return messages;
    }

    private static void requireAllFree(final Side daemon) {
        daemon.journal.begin();
        for (int i = 0; i < CAPACITY; i++) {
            assertTrue(daemon.pipe.tryOffer(daemon.buffer, 0, 1), "a slot is lost");
        }
        assertTrue(!daemon.pipe.tryOffer(daemon.buffer, 0, 1));
        daemon.journal.rollback();
    }

    /** Waits for a worker's rounds, while the daemon too polls, so that nobody waits in vain. */
    private static void await(final Side daemon, final int worker, final int more) {
        final long rounds = daemon.memory.getLongVolatile(words(worker) + ROUNDS) + more;
        final long start = System.nanoTime();
        while (daemon.memory.getLongVolatile(words(worker) + ROUNDS) < rounds) {
            assertTrue(System.nanoTime() - start < STARTED_NS, "worker " + worker + " goes on");
            daemon.journal.begin();
            daemon.poll(WAIT_NS);
            daemon.journal.commit();
            // Beside the living, whose half-done steps it takes for those of the dead.
            daemon.pipe.reclaim(1 + WORKERS);
        }
    }

    private static long words(final int worker) {
        return WORDS + 64L * worker;
    }

    private static Journal journal(final Memory memory, final int process) {
        final Journal journal =
                new Journal(memory, (long) process * JOURNAL_BYTES, JOURNAL_BYTES, process);
        journal.recover();
        return journal;
    }

    private static Process start(final Path file, final int worker, final long epoch)
            throws IOException {
        return TestJvm.start(
                WorkerMain.class, file.toString(), Integer.toString(worker), Long.toString(epoch));
    }
}
