package io.coppice.pool.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Allocations;
import io.coppice.pool.ArenaException;
import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import io.coppice.pool.StructureFullException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RecordLogTest {
    private static final int FUZZ_ROUNDS = 50_000;

    private final LogFixture fixture = new LogFixture(128);
    private final Journal journal = fixture.journal();
    private final RecordLog log = fixture.attach(journal);
    private final RecordLogReader reader = fixture.reader();

    @AfterEach
    void free() {
        fixture.close();
    }

    @Test
    void recordsAppearAtTheCommitAndNotBefore() {
        journal.begin();
        assertEquals(0, fixture.append(log, 5));
        assertEquals(1, fixture.append(log, 0));
        assertEquals(RecordLogReader.NOTHING, read());
        journal.commit();

        assertEquals(List.of("0:5", "1:0"), fixture.contents("committed"));
        assertEquals(2, log.size());
        assertEquals(40, log.usedBytes());
    }

    @Test
    void theOldestMakeRoomForTheNewest() {
        append(40, 40, 40, 8);

        assertEquals(List.of("2:40", "3:8"), fixture.contents("the newest two"));
        assertEquals(112, log.highWater());
        assertEquals(2, log.size());
    }

    @Test
    void aReaderThatWasOverrunIsToldHowManyItLostAndGoesOnWithTheOldest() {
        append(40, 40);
        assertEquals(40, read());
        assertEquals(0, reader.lost());
        append(40, 40, 40);

        assertEquals(40, read());
        assertEquals(3, reader.sequence());
        assertEquals(2, reader.lost());
        assertEquals(40, read());
        assertEquals(0, reader.lost());
        assertEquals(RecordLogReader.NOTHING, read());
    }

    @Test
    void anUncommittedAppendTakesTheOldestFromReadersBeforeItOverwritesThem() {
        append(40, 40);
        journal.begin();
        fixture.append(log, 50);

        assertEquals(40, read());
        assertEquals(1, reader.sequence());
        journal.rollback();
        assertEquals(List.of("1:40"), fixture.contents("what a rollback leaves"));
        append(4);
        assertEquals(4, read());
        assertEquals(2, reader.sequence());
        assertEquals(0, reader.lost());
    }

    @Test
    void aReturnToASavepointDropsWhatWasAppendedSince() {
        journal.begin();
        fixture.append(log, 1);
        final int savepoint = journal.savepoint();
        fixture.append(log, 2);
        fixture.append(log, 3);
        journal.rollbackTo(savepoint);
        fixture.append(log, 4);
        journal.commit();

        assertEquals(List.of("0:1", "1:4"), fixture.contents("committed"));
    }

    @Test
    void aTransactionAppendsNoMoreThanTheRingHolds() {
        append(8);
        journal.begin();
        fixture.append(log, 64);
        fixture.append(log, 32);
        final StructureFullException full =
                assertThrows(StructureFullException.class, () -> fixture.append(log, 0));

        assertEquals(
                "audit: full, it holds 128 bytes of records in one transaction; raise \"audit\""
                        + " under \"capacities\" in the manifest",
                full.getMessage());
        journal.commit();
        assertEquals(List.of("1:64", "2:32"), fixture.contents("the ring is full of them"));
    }

    @Test
    void seeksByNumber() {
        append(8, 8, 8, 8, 8, 8, 8);
        reader.seek(5);
        assertEquals(8, read());
        assertEquals(5, reader.sequence());
        assertEquals(0, reader.lost());
        reader.seek(1);
        assertEquals(8, read());
        assertEquals(2, reader.sequence());
        assertEquals(1, reader.lost());
        reader.seek(8);
        assertEquals(RecordLogReader.NOTHING, read());
        append(1, 2);
        assertEquals(2, read());
        assertEquals(8, reader.sequence());
        reader.seekNewest();
        assertEquals(RecordLogReader.NOTHING, read());
        reader.seekOldest();
        assertEquals(8, read());
        assertEquals(0, reader.lost());
    }

    @Test
    void aRecordThatDoesNotFitTheBufferIsTheNextOneStill() {
        append(40);
        final UnsafeBuffer small = new UnsafeBuffer(new byte[39]);

        assertThrows(IndexOutOfBoundsException.class, () -> reader.read(small, 0));
        assertEquals(40, read());
    }

    @Test
    void refusesAnAppendOutsideATransaction() {
        assertThrows(IllegalStateException.class, () -> fixture.append(log, 1));
    }

    @Test
    void aLogThatWasTakenUpAgainGoesOnCounting() {
        append(40, 40, 40);
        final Journal successor = fixture.journal();
        final RecordLog again = fixture.attach(successor);
        successor.begin();

        assertEquals(3, fixture.append(again, 3));
        successor.commit();
        assertEquals(List.of("1:40", "2:40", "3:3").subList(1, 3), fixture.contents("again"));
    }

    @Test
    void concurrentReadersSeeWholeRecordsInOrderAndMissNoneThatIsNotCounted() throws Exception {
        final AtomicBoolean done = new AtomicBoolean();
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final Thread consumer =
                new Thread(
                        () -> {
                            try {
                                follow(done);
                            } catch (final Throwable wrong) {
                                failure.set(wrong);
                            }
                        });
        consumer.start();
        for (int i = 0; i < 300_000; i++) {
            journal.begin();
            fixture.append(log, i % 41);
            if (i % 3 == 0) {
                fixture.append(log, i % 17);
            }
            if (i % 7 == 0) {
                journal.rollback();
            } else {
                journal.commit();
            }
        }
        done.set(true);
        consumer.join();
        assertNull(failure.get(), () -> failure.get().toString());
    }

    private void follow(final AtomicBoolean done) {
        final RecordLogReader follower = fixture.reader();
        final UnsafeBuffer to = new UnsafeBuffer(new byte[128]);
        long next = 0;
        boolean last = false;
        while (!last) {
            last = done.get();
            int length = follower.read(to, 0);
            while (length != RecordLogReader.NOTHING) {
                final long number = follower.sequence();
                if (next > 0) {
                    assertEquals(next + follower.lost(), number);
                }
                next = number + 1;
                for (int i = 0; i < length; i++) {
                    assertEquals((byte) (number * 31 + i), to.getByte(i));
                }
                length = follower.read(to, 0);
            }
        }
        assertEquals(log.nextSequence(), next);
    }

    @Test
    void appendsAndReadsAllocateNothing() {
        final long allocatedBytes =
                Allocations.bytesOf(
                        50_000,
                        round -> {
                            journal.begin();
                            fixture.append(log, round % 50);
                            journal.commit();
                            read();
                        });

        assertEquals(0, allocatedBytes);
    }

    @Test
    void damagedLogsAreReportedAndNeverFollowed() {
        final long seed = Long.getLong("coppice.seed", System.nanoTime());
        append(8, 8, 40, 1, 8);
        assertTimeoutPreemptively(
                Duration.ofSeconds(60), () -> fuzz(new Random(seed)), "-Dcoppice.seed=" + seed);
    }

    private void fuzz(final Random random) {
        final Memory memory = fixture.memory();
        final byte[] sound = fixture.arena.image();
        final int words = (int) (fixture.bytes / Long.BYTES);
        for (int round = 0; round < FUZZ_ROUNDS; round++) {
            fixture.arena.setImage(0, sound);
            for (int damages = 1 + random.nextInt(3); damages > 0; damages--) {
                final long word = LogFixture.JOURNAL_BYTES + random.nextInt(words) * 8L;
                if (random.nextBoolean()) {
                    memory.putByte(word + random.nextInt(8), (byte) random.nextInt());
                } else {
                    memory.putLong(word, random.nextInt(40) * 8L - 16);
                }
            }
            fixture.invariants();
            try {
                useDamaged();
            } catch (final ArenaException | StructureFullException reported) {
                // That is what it should do.
            }
        }
    }

    private void useDamaged() {
        final RecordLogReader damaged = fixture.reader();
        while (damaged.read(fixture.buffer, 0) != RecordLogReader.NOTHING) {
            assertTrue(damaged.sequence() >= 0);
        }
        damaged.seek(3);
        final Journal successor = fixture.journal();
        final RecordLog again = fixture.attach(successor);
        again.size();
        successor.begin();
        fixture.append(again, 60);
        successor.commit();
    }

    @Test
    void aTruncatedRegionAndZeroesAreReported() {
        for (long bytes = 0; bytes < fixture.bytes; bytes += 8) {
            assertFalse(
                    RecordLogInvariants.check(fixture.memory(), LogFixture.JOURNAL_BYTES, bytes)
                            .isEmpty());
        }
        fixture.memory().fill(LogFixture.JOURNAL_BYTES, fixture.bytes, (byte) 0);
        assertFalse(fixture.invariants().isEmpty());
        final ArenaException wrong = assertThrows(ArenaException.class, fixture::reader);
        assertEquals("audit: a ring of 0 bytes in 320", wrong.getMessage());
    }

    private int read() {
        return reader.read(fixture.buffer, 0);
    }

    private void append(final int... lengths) {
        for (final int length : lengths) {
            journal.begin();
            fixture.append(log, length);
            journal.commit();
        }
    }
}
