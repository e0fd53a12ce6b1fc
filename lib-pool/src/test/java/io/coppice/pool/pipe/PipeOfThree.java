package io.coppice.pool.pipe;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** A small pipe with a daemon and two workers, as each of their processes sees it. */
final class PipeOfThree {
    static final int JOURNAL_BYTES = 4096;
    static final int PROCESSES = 3;

    /** A word of each process, 64 bytes apart. */
    static final int MARKS = PROCESSES * JOURNAL_BYTES;

    static final int PIPE = MARKS + PROCESSES * 64;
    static final int CAPACITY = 5;
    static final int MESSAGE_BYTES = 24;
    static final long PIPE_BYTES = Pipe.bytes(CAPACITY, MESSAGE_BYTES, PROCESSES);
    static final long BYTES = PIPE + PIPE_BYTES;

    private PipeOfThree() {}

    static Journal journal(final Memory memory, final int process) {
        final Journal journal =
                new Journal(memory, (long) process * JOURNAL_BYTES, JOURNAL_BYTES, process);
        journal.recover();
        return journal;
    }

    static void layOut(final Memory memory) {
        Pipe.layOut(
                "orders",
                OperatingSystem.current(),
                journal(memory, 0),
                memory,
                PIPE,
                CAPACITY,
                MESSAGE_BYTES,
                PROCESSES);
    }

    /** A process that has just started. */
    static Side attach(final Memory memory, final int process) {
        final Journal journal = journal(memory, process);
        return new Side(
                process,
                journal,
                Pipe.attach(
                        "orders",
                        OperatingSystem.current(),
                        journal,
                        memory,
                        PIPE,
                        PIPE_BYTES,
                        process));
    }

    /** What the daemon does when it and its workers are dead. */
    static Side recover(final Memory memory) {
        journal(memory, 1);
        journal(memory, 2);
        final Side daemon = attach(memory, 0);
        daemon.pipe().reclaim(1);
        daemon.pipe().reclaim(2);
        return daemon;
    }

    static long mark(final Memory memory, final int process) {
        return memory.getLong(MARKS + 64L * process);
    }

    /** Returns what is wrong with a pipe whose processes are all handed back. */
    static List<String> settledFaults(final Memory memory) {
        final PipeLayout layout = PipeLayout.read("orders", memory, PIPE, PIPE_BYTES);
        final Slots slots = new Slots("orders", memory.slice(PIPE, layout.bytes), layout);
        return PipeInvariants.checkSettled(
                slots, new PipeQueue(slots, OperatingSystem.current()), memory, PIPE);
    }

    /** One process. */
    record Side(int process, Journal journal, Pipe pipe) {
        private static final UnsafeBuffer BUFFER = new UnsafeBuffer(new byte[MESSAGE_BYTES]);

        /** Runs a transaction that leaves a mark if it stands. */
        void commit(final long mark, final Runnable work) {
            journal.begin();
            work.run();
            journal.putLong(MARKS + 64L * process, mark);
            journal.commit();
        }

        void rollback(final Runnable work) {
            journal.begin();
            work.run();
            journal.rollback();
        }

        /** Offers a number, at both ends of a message; returns whether there was room. */
        boolean offer(final long number) {
            BUFFER.putLong(0, number);
            BUFFER.putLong(MESSAGE_BYTES - Long.BYTES, number);
            return pipe.tryOffer(BUFFER, 0, MESSAGE_BYTES);
        }

        /** Returns the number that is polled, or -1. */
        long poll() {
            final int length = pipe.tryPoll(BUFFER, 0);
            if (length == Pipe.EMPTY) {
                return -1;
            }
            final long number = BUFFER.getLong(0);
            if (length != MESSAGE_BYTES || BUFFER.getLong(MESSAGE_BYTES - Long.BYTES) != number) {
                throw new AssertionError("message " + number + " of " + length + " bytes is torn");
            }
            return number;
        }

        /** Polls all there is, in one transaction that is rolled back. */
        List<Long> look() {
            final List<Long> all = new ArrayList<>();
            rollback(
                    () -> {
                        for (long number = poll(); number != -1; number = poll()) {
                            all.add(number);
                        }
                    });
            return all;
        }
    }
}
