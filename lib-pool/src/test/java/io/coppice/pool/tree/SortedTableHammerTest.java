package io.coppice.pool.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.ArenaException;
import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.TestArena;
import io.coppice.pool.lock.LockSet;
import io.coppice.pool.lock.ReadWriteLock;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Readers beside a writer that moves amounts between records, inserts and removes others so that
 * nodes split and merge, rolls back, and is left for a successor in the middle of transactions.
 * Under the lock every walk shows one commit. Without it a walk may show anything, but it ends, and
 * throws nothing but what it is said to. Threads with mappings of one memory: what they see of each
 * other is what processes do.
 */
class SortedTableHammerTest {
    private static final long SEED = 20_261_121;
    private static final int CAPACITY = 200;
    private static final int KEYS = 300;

    /** Every so many keys one is there all the time, and has an amount. */
    private static final int LASTING = 10;

    private static final long AMOUNT = 1_000_000;
    private static final long TOTAL = KEYS / LASTING * AMOUNT;
    private static final int KEY_BITS = 16;
    private static final long RUN_NS = TimeUnit.MILLISECONDS.toNanos(1500);
    private static final long WAIT_NS = TimeUnit.SECONDS.toNanos(20);
    private static final long PAUSE_NS = 20_000;
    private static final int READERS = 2;

    /** All at once, however few processors there are. */
    private static final Executor THREADS = task -> new Thread(task, "reader").start();

    private final TreeFixture fixture = new TreeFixture(CAPACITY, 1 << 17, 0);
    private final TestArena lockMemory = new TestArena(ReadWriteLock.bytes(READERS + 1));
    private final OperatingSystem os = OperatingSystem.current();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final CountDownLatch walking = new CountDownLatch(READERS + 1);
    private Journal journal = fixture.journal(fixture.arena.memory());
    private SortedTable table = fixture.attach(journal, fixture.arena.memory());

    @AfterEach
    void free() {
        fixture.close();
        lockMemory.close();
    }

    @Test
    void underTheLockEveryWalkShowsOneCommitAndWithoutItEveryWalkEnds() throws Exception {
        lockMemory.setImage(0, new byte[(int) ReadWriteLock.bytes(READERS + 1)]);
        final ReadWriteLock lock =
                ReadWriteLock.layOut("lock", os, lockMemory.memory(), 0, 1, READERS + 1, 0);
        journal.begin();
        for (long key = 0; key < KEYS; key += LASTING) {
            fixture.insert(table, key, AMOUNT << KEY_BITS | key);
        }
        journal.commit();
        final CompletableFuture<long[]> one =
                CompletableFuture.supplyAsync(() -> readLocked(1), THREADS);
        final CompletableFuture<long[]> two =
                CompletableFuture.supplyAsync(() -> readLocked(2), THREADS);
        final CompletableFuture<long[]> wild =
                CompletableFuture.supplyAsync(this::readUnlocked, THREADS);
        try {
            write(lock);
        } finally {
            ended.set(true);
        }
        final long[] first = one.get(60, TimeUnit.SECONDS);
        final long[] second = two.get(60, TimeUnit.SECONDS);
        final long[] third = wild.get(60, TimeUnit.SECONDS);

        System.out.println(
                "sorted table hammer: seed "
                        + SEED
                        + ", "
                        + journal.commits()
                        + " commits, "
                        + (first[0] + second[0])
                        + " walks under the lock, "
                        + third[0]
                        + " without it, "
                        + third[1]
                        + " of them refused");
        assertTrue(first[0] > 0 && second[0] > 0 && third[0] > 0, "a reader did not get to read");
        assertEquals(List.of(), fixture.invariants());
    }

    private void write(final ReadWriteLock lock) {
        final Random random = new Random(SEED);
        final LockSet set = LockSet.of(OwnerWord.of(1, 1));
        final long startNs = System.nanoTime();
        while (System.nanoTime() - startNs < RUN_NS
                || walking.getCount() > 0 && System.nanoTime() - startNs < WAIT_NS) {
            assertTrue(lock.tryWriteLock(set, WAIT_NS), "the writer waited in vain");
            journal.begin();
            for (int i = random.nextInt(4); i >= 0; i--) {
                move(random);
            }
            for (int i = random.nextInt(30); i > 0; i--) {
                comeOrGo(random.nextInt(KEYS));
            }
            end(random.nextInt(10));
            set.releaseAll();
            // Leaves the lock to the readers: a writer that waits keeps them out.
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    private void move(final Random random) {
        final long from = random.nextInt(KEYS / LASTING) * (long) LASTING;
        final long to = random.nextInt(KEYS / LASTING) * (long) LASTING;
        final long amount = random.nextInt(100);
        add(from, -amount);
        add(to, amount);
    }

    private void add(final long key, final long amount) {
        final long there = fixture.arena.word(table.find(key));
        fixture.update(table, key, there + (amount << KEY_BITS));
    }

    /** Keys in between carry no amount. */
    private void comeOrGo(final long key) {
        if (key % LASTING != 0 && !table.remove(key) && table.size() < CAPACITY) {
            fixture.insert(table, key, key);
        }
    }

    private void end(final int how) {
        if (how == 0) {
            journal.rollback();
        } else if (how == 1) {
            journal = fixture.journal(fixture.arena.memory());
            table = fixture.attach(journal, fixture.arena.memory());
        } else {
            journal.commit();
        }
    }

    private SortedTableReader reader() {
        return SortedTableReader.attach(
                TreeFixture.NAME, fixture.arena.memory(), fixture.journalBytes, fixture.bytes);
    }

    /** Returns how many walks there were. */
    private long[] readLocked(final int number) {
        final ReadWriteLock lock =
                ReadWriteLock.attach(
                        "lock",
                        os,
                        lockMemory.memory(),
                        0,
                        ReadWriteLock.bytes(READERS + 1),
                        number);
        final LockSet set = LockSet.of(OwnerWord.of(1 + number, 1));
        final SortedTableReader reader = reader();
        final Cursor cursor = reader.cursor();
        final UnsafeBuffer into = new UnsafeBuffer(new byte[TreeFixture.VALUE_BYTES]);
        final Random random = new Random(SEED + number);
        long walks = 0;
        while (!ended.get()) {
            if (!lock.tryReadLock(set, WAIT_NS)) {
                throw new AssertionError("reader " + number + " waited in vain");
            }
            final long forwards = walk(cursor, true);
            final long backwards = walk(cursor, false);
            if (forwards != backwards || forwards != reader.size()) {
                throw new AssertionError(
                        forwards + " forwards, " + backwards + " back, " + reader.size());
            }
            final long key = random.nextInt(KEYS);
            final boolean found = reader.get(key, into, 0);
            if (!found && key % LASTING == 0 || found && keyOf(into.getLong(0)) != key) {
                throw new AssertionError("key " + key + ", found " + found);
            }
            set.releaseAll();
            if (walks++ == 0) {
                walking.countDown();
            }
        }
        return new long[] {walks};
    }

    /** Walks all records, in order and whole, and returns how many. */
    private long walk(final Cursor cursor, final boolean forwards) {
        final Memory memory = fixture.arena.memory();
        long last = forwards ? -1 : KEYS;
        long count = 0;
        long total = 0;
        for (boolean at = forwards ? cursor.first() : cursor.last();
                at;
                at = forwards ? cursor.next() : cursor.previous()) {
            final long key = cursor.key();
            final long value = memory.getLong(cursor.valueOffset());
            if (keyOf(value) != key || (forwards ? key <= last : key >= last)) {
                throw new AssertionError("key " + key + " after " + last + " has " + value);
            }
            last = key;
            total += value >> KEY_BITS;
            count++;
        }
        if (total != TOTAL) {
            throw new AssertionError("a walk between two commits: " + total);
        }
        return count;
    }

    private static long keyOf(final long value) {
        return value & (1L << KEY_BITS) - 1;
    }

    /** Returns how many walks there were, and how many of them were refused. */
    private long[] readUnlocked() {
        final SortedTableReader reader = reader();
        final Cursor cursor = reader.cursor();
        final UnsafeBuffer into = new UnsafeBuffer(new byte[TreeFixture.VALUE_BYTES]);
        final Random random = new Random(SEED);
        final long[] counts = new long[2];
        while (!ended.get()) {
            if (counts[0]++ == 0) {
                walking.countDown();
            }
            try {
                reader.get(random.nextInt(KEYS), into, 0);
                boolean at = cursor.ceiling(random.nextInt(KEYS));
                for (int steps = random.nextInt(CAPACITY); at && steps > 0; steps--) {
                    copyIfUnchanged(cursor, into);
                    at = random.nextInt(4) == 0 ? cursor.previous() : cursor.next();
                }
            } catch (final ArenaException refused) {
                counts[1]++;
            }
        }
        return counts;
    }

    private static void copyIfUnchanged(final Cursor cursor, final UnsafeBuffer into) {
        try {
            cursor.value(into, 0);
        } catch (final IllegalStateException changed) {
            assertTrue(changed.getMessage().contains("was changed"), changed::toString);
        }
    }
}
