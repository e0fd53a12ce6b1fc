package io.coppice.pool.document;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.TestArena;
import io.coppice.pool.document.DocumentsOfTwo.Side;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** A reader beside a writer that commits, rolls back and compacts: never a mix of two versions. */
class DocumentHammerTest {
    private static final int COMMITS = 40_000;
    private static final DocumentPath NUMBER = DocumentPath.of("a.number");
    private static final DocumentPath COPY = DocumentPath.of("b.c.copy");
    private static final DocumentPath TEXT = DocumentPath.of("text");
    private static final DocumentPath LIST = DocumentPath.of("list");
    private static final DocumentPath LIST_END = DocumentPath.of("list[]");

    private final long seed = Long.getLong("coppice.seed", System.nanoTime());
    private final DocumentsOfTwo of = new DocumentsOfTwo(1 << 16, 64, 256, 64);
    private final AtomicBoolean ended = new AtomicBoolean();

    @Test
    void readersNeverSeeAMixOfVersions() throws Exception {
        final ExecutorService threads = Executors.newSingleThreadExecutor();
        try (TestArena arena = new TestArena(of.bytes())) {
            of.layOut(arena.memory());
            final Side daemon = of.attach(arena.memory(), 0);
            final Document document = daemon.pool().flyweight();
            final Random random = new Random(seed);
            daemon.commit(
                    () -> {
                        document.create();
                        fill(document, 0, random);
                    });
            final DocumentReader reader = of.reader(arena.memory()).open(document.reference());
            final Future<long[]> counts = threads.submit(() -> read(reader));
            try {
                for (int n = 1; n <= COMMITS && !counts.isDone(); n++) {
                    daemon.journal().begin();
                    fill(document, random.nextInt(), random);
                    if (random.nextInt(4) == 0) {
                        daemon.journal().rollback();
                        daemon.journal().begin();
                    }
                    fill(document, n, random);
                    daemon.journal().commit();
                }
            } finally {
                ended.set(true);
            }
            final long[] results = counts.get(60, TimeUnit.SECONDS);
            assertTrue(results[0] > 0 && results[1] > 0, "read " + results[0]);
            of.assertSound(arena.memory(), "-Dcoppice.seed=" + seed);
        } finally {
            ended.set(true);
            threads.shutdown();
            assertTrue(threads.awaitTermination(60, TimeUnit.SECONDS));
        }
    }

    private static void fill(final Document document, final long value, final Random random) {
        document.putLong(NUMBER, value);
        document.putText(TEXT, Long.toString(value).repeat(1 + random.nextInt(20)));
        document.putArray(LIST);
        for (int i = random.nextInt(8); i > 0; i--) {
            document.putLong(LIST_END, value);
        }
        document.putLong(COPY, value);
    }

    /** Returns how many versions and how many single texts were read. */
    private long[] read(final DocumentReader reader) {
        final long[] counts = new long[2];
        final long[] last = new long[1];
        final UnsafeBuffer into = new UnsafeBuffer(new byte[1024]);
        final DocumentCursor cursor = reader.cursor();
        while (!ended.get()) {
            reader.read(
                    values -> {
                        final long number = values.getLong(NUMBER, -1);
                        boolean same = values.getLong(COPY, -1) == number;
                        same &= isRepeated(into, values.getText(TEXT, into, 0), number);
                        for (boolean at = cursor.first(LIST); at; at = cursor.next()) {
                            same &= cursor.getLong(DocumentPath.ROOT, -1) == number;
                        }
                        if (!same || number < last[0]) {
                            throw new AssertionError(
                                    "-Dcoppice.seed=" + seed + ": " + values.toJson());
                        }
                        last[0] = number;
                        counts[0]++;
                    });
            final int length = reader.getText(TEXT, into, 0);
            if (!isRepeated(into, length, last[0]) && into.getByte(0) < '0') {
                throw new AssertionError("-Dcoppice.seed=" + seed + ": a text of " + length);
            }
            counts[1]++;
        }
        return counts;
    }

    private static boolean isRepeated(
            final UnsafeBuffer text, final int length, final long number) {
        final String once = Long.toString(number);
        final String found = text.getStringWithoutLengthUtf8(0, Math.max(length, 0));
        return length >= once.length() && found.equals(once.repeat(length / once.length()));
    }
}
