package io.coppice.pool.document;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.ArenaException;
import io.coppice.pool.JournalFullException;
import io.coppice.pool.Memory;
import io.coppice.pool.StructureFullException;
import io.coppice.pool.TestArena;
import io.coppice.pool.document.DocumentsOfTwo.Side;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damages documents: everything ends, and nothing but errors that say so comes of it. */
class DocumentFuzzTest {
    private static final int ROUNDS = 20_000;
    private static final String JSON =
            "{\"a\":[1,2,{\"b\":\"text\"}],\"c\":{\"1\":1,\"2\":2,\"3\":3,\"4\":4,\"5\":5,\"6\":6,"
                    + "\"7\":7,\"8\":8,\"9\":9,\"10\":{\"11\":[]}},\"d\":{\"$bytes\":\"AQID\"}}";

    private final DocumentsOfTwo of = new DocumentsOfTwo(1 << 15, 12, 256, 16);

    @Test
    void damageIsReportedAndNeverFollowed() {
        final long seed = Long.getLong("coppice.seed", System.nanoTime());
        assertTimeoutPreemptively(Duration.ofSeconds(100), () -> fuzz(seed), "seed " + seed);
    }

    @Test
    void aValueThatIsInItselfIsReported() {
        try (TestArena arena = new TestArena(of.bytes())) {
            final long reference = layOut(arena);
            final long root = of.places(arena.memory()).offset(DocumentLayout.block(reference));
            final long state = arena.word(root + DocumentLayout.STATE);
            final long head = root + DocumentLayout.head(state, false);
            final int node = (int) arena.word(head + DocumentLayout.HEAD_PAYLOAD);
            final int first = node + DocumentLayout.value(true, 0) + DocumentLayout.VALUE_PAYLOAD;
            final DocumentSpace space =
                    new DocumentSpace("orders", arena.memory(), of.places(arena.memory()));
            space.wrap(
                    reference,
                    root,
                    arena.word(head + DocumentLayout.HEAD_FLAGS) & DocumentLayout.FLAG_LIST,
                    arena.word(head + DocumentLayout.HEAD_BLOCKS),
                    arena.word(head + DocumentLayout.HEAD_END));
            space.putLong(first - DocumentLayout.VALUE_PAYLOAD, DocumentEditor.nodeTag(true));
            space.putLong(first, node);
            assertTrue(check(arena.memory()).contains("is in use twice"), check(arena.memory()));
        }
    }

    private String check(final Memory memory) {
        return DocumentInvariants.check(memory, of.poolAt, of.poolBytes).toString();
    }

    @Test
    void aTruncatedRegionAndZeroesAreReported() {
        try (TestArena arena = new TestArena(of.bytes())) {
            layOut(arena);
            for (long bytes = 0; bytes < of.poolBytes; bytes += 8) {
                assertFalse(DocumentInvariants.check(arena.memory(), of.poolAt, bytes).isEmpty());
            }
            arena.memory().fill(of.poolAt, of.poolBytes, (byte) 0);
            assertFalse(
                    DocumentInvariants.check(arena.memory(), of.poolAt, of.poolBytes).isEmpty());
        }
    }

    private long layOut(final TestArena arena) {
        of.layOut(arena.memory());
        final Side daemon = of.attach(arena.memory(), 0);
        final Document document = daemon.pool().flyweight();
        daemon.commit(
                () -> {
                    document.create();
                    document.putJson(DocumentPath.ROOT, JSON);
                });
        return document.reference();
    }

    private void fuzz(final long seed) {
        final Random random = new Random(seed);
        int reported = 0;
        try (TestArena arena = new TestArena(of.bytes())) {
            final long reference = layOut(arena);
            final byte[] sound = arena.image();
            for (int round = 0; round < ROUNDS; round++) {
                arena.setImage(0, sound);
                for (int damages = 1 + random.nextInt(4); damages > 0; damages--) {
                    damage(arena.memory(), random);
                }
                final boolean found = !check(arena.memory()).equals("[]");
                reported += found ? 1 : 0;
                read(arena.memory(), reference);
                write(arena.memory(), reference, random);
            }
        } catch (final AssertionError | RuntimeException failure) {
            throw new AssertionError("-Dcoppice.seed=" + seed + ": " + failure, failure);
        }
        assertTrue(reported > ROUNDS / 10, reported + " of " + ROUNDS);
    }

    private void damage(final Memory memory, final Random random) {
        // The first half of the pool: its words, and the blocks that are in use.
        final long word = of.poolAt + random.nextInt((int) of.poolBytes / 16) * 8L;
        if (random.nextBoolean()) {
            memory.putByte(word + random.nextInt(8), (byte) random.nextInt());
        } else {
            memory.putLong(word, random.nextInt(300) - 2);
        }
    }

    private void read(final Memory memory, final long reference) {
        try {
            final DocumentReader reader = of.reader(memory).open(reference);
            reader.getLong("c.7", 0);
            reader.text("a[2].b");
            reader.size("d");
            final DocumentCursor cursor = reader.cursor();
            for (boolean at = cursor.first(DocumentPath.of("a")); at; at = cursor.next()) {
                cursor.type(DocumentPath.ROOT);
            }
            reader.toJson();
        } catch (final ArenaException | IllegalStateException reported) {
            // That is what it should do: a value may be of another type now.
        }
    }

    private void write(final Memory memory, final long reference, final Random random) {
        try {
            final Side daemon = of.attach(memory, 0);
            final Document document = daemon.pool().flyweight().open(reference);
            daemon.journal().begin();
            for (int i = 0; i < 12; i++) {
                document.putLong("c.new" + random.nextInt(20), i);
                document.putText("a[]", "y".repeat(random.nextInt(150)));
                document.remove("a[0]");
                document.remove("c." + random.nextInt(10));
            }
            document.release();
            daemon.journal().rollback();
        } catch (final ArenaException
                | StructureFullException
                | JournalFullException
                | IllegalStateException reported) {
            // That is what it should do.
        }
    }
}
