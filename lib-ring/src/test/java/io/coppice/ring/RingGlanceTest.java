package io.coppice.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Arena;
import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import io.coppice.ring.RingGlance.Standing;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody sees who only looks at a ring, whatever lies there. */
class RingGlanceTest {
    private static final RingSettings LOSSLESS = RingSettings.lossless(TestTree.CAPACITY);

    /** A message of 100 bytes with its header, padded. */
    private static final int RECORD_BYTES = 120;

    @TempDir Path folder;

    @Test
    void saysHowFarTheReaderIs() {
        final RingPair pair = new RingPair(folder, LOSSLESS);
        final RingGlance before = glance(pair);
        assertEquals(RingMode.LOSSLESS, before.mode());
        assertEquals(0, before.messages());
        assertEquals(0, before.fillPercent());
        assertEquals(Standing.ABSENT, before.readers().get(0).standing());

        pair.sendAll(1, 4);
        assertEquals(List.of(1L), pair.poll(1));
        final RingGlance behind = glance(pair);
        assertEquals(4, behind.messages());
        assertEquals(
                new RingGlance.Reader(Standing.READING, 3 * RECORD_BYTES, 3, 0),
                behind.readers().get(0));
        assertEquals(0, behind.slowest());
        assertEquals(100 * 3 * RECORD_BYTES / TestTree.CAPACITY, behind.fillPercent());

        pair.poll(RingPair.NO_LIMIT);
        assertEquals(
                new RingGlance.Reader(Standing.READING, 0, 0, 0), glance(pair).readers().get(0));
    }

    @Test
    void aReaderThatIsNotThereHoldsWhatIsKept() {
        final TestTree tree = TestTree.create(folder, 2);
        final Arena arena = tree.attach(TestTree.writerPlan());
        final RingWriter writer = tree.writer(arena);
        final Arena readerArena = tree.attach(TestTree.readerPlan(0));
        final RingReader reader = tree.reader(readerArena);
        arena.journal().begin();
        writer.tryClaim(1, 100);
        arena.journal().commit();
        reader.poll((type, buffer, index, length) -> {}, 1);

        final RingGlance glance =
                look(arena.memory(), Arrays.asList(readerArena.memory(), null)).orElseThrow();
        assertEquals(0, glance.readers().get(0).behindBytes());
        assertEquals(Standing.ABSENT, glance.readers().get(1).standing());
        final RingGlance other =
                look(arena.memory(), List.of(readerArena.memory(), arena.memory())).orElseThrow();
        assertEquals(Standing.ABSENT, other.readers().get(1).standing(), "it has no such cursor");
    }

    @Test
    void saysWhoWasOvertakenAndWhatIsLost() {
        final RingPair pair = new RingPair(folder, RingSettings.latest(TestTree.CAPACITY));
        pair.sendAll(1, 2);
        pair.poll(1);
        pair.sendAll(3, 40);
        final RingGlance overtaken = glance(pair);
        final RingGlance.Reader reader = overtaken.readers().get(0);
        assertEquals(Standing.OVERTAKEN, reader.standing());
        assertEquals(39, reader.behindMessages());
        assertEquals(overtaken.keptBytes(), reader.behindBytes());

        final List<Long> told = pair.poll(RingPair.NO_LIMIT);
        assertEquals(-told.get(0), glance(pair).lost());
        assertEquals(Standing.READING, glance(pair).readers().get(0).standing());
    }

    @Test
    void saysWhoWasCutOffAndWhy() {
        final RingPair pair =
                new RingPair(folder, LOSSLESS.reader("reader0", ReaderPolicy.droppingAtOnce()));
        pair.sendAll(1, 2);
        pair.poll(1);
        assertEquals(CutOffReason.NONE, glance(pair).cutOffReason());
        pair.sendAll(3, 30);
        final RingGlance slow = glance(pair);
        assertEquals(RingMode.DROPPING, slow.mode());
        assertEquals(1, slow.cutOffs());
        assertEquals(CutOffReason.SLOW, slow.cutOffReason());
        assertEquals(TestTree.readerPlan(0).slot(), slow.cutOffSlot());

        pair.setCursor(1 << 30);
        assertEquals(Standing.AHEAD, glance(pair).readers().get(0).standing());
    }

    @Test
    void whatIsNoRingIsNotShown() {
        final RingPair pair = new RingPair(folder, LOSSLESS);
        final Memory memory = pair.writerArena.memory();
        final Structure ring = ArenaDirectory.find(memory, "ring:results");
        for (final Structure wrong :
                List.of(
                        new Structure(
                                ring.name(), StructureKind.TABLE, ring.offset(), ring.bytes()),
                        new Structure(ring.name(), ring.kind(), memory.bytes(), ring.bytes()),
                        new Structure(ring.name(), ring.kind(), -8, ring.bytes()),
                        new Structure(ring.name(), ring.kind(), ring.offset(), 64))) {
            assertEquals(Optional.empty(), RingGlance.of("writer", memory, wrong, List.of()));
        }
        memory.putLong(ring.offset() + RingLayout.MODE, 77);
        assertEquals(Optional.empty(), look(memory, List.of()));
    }

    /** Random words in place of every word that is looked at: numbers stay in their ranges. */
    @Test
    void damageNeitherThrowsNorLeavesTheRanges() {
        final RingPair pair = new RingPair(folder, LOSSLESS);
        pair.sendAll(1, 4);
        pair.poll(1);
        final Memory memory = pair.writerArena.memory();
        final Memory reader = pair.readerArena.memory();
        final long base = ArenaDirectory.find(memory, "ring:results").offset();
        final SplittableRandom random = new SplittableRandom(1);
        int shown = 0;
        for (int i = 0; i < 10_000; i++) {
            final long word = random.nextLong() >> random.nextInt(64);
            final int at = random.nextInt(RingLayout.RECORDS / Long.BYTES) * Long.BYTES;
            final Memory into = random.nextBoolean() ? memory : reader;
            final long offset =
                    into.equals(memory)
                            ? base + at
                            : ArenaLayout.cursor(0) + at % ArenaLayout.CURSOR_BYTES;
            final long before = into.getLong(offset);
            into.putLong(offset, word);
            final Optional<RingGlance> glance = look(memory, List.of(reader));
            into.putLong(offset, before);
            if (glance.isPresent()) {
                shown++;
                final RingGlance.Reader seen = glance.get().readers().get(0);
                assertTrue(
                        glance.get().fillPercent() >= 0 && glance.get().fillPercent() <= 100,
                        glance::toString);
                assertTrue(
                        seen.behindBytes() >= 0
                                && seen.behindBytes() <= TestTree.CAPACITY
                                && seen.behindMessages() >= RingGlance.UNKNOWN
                                && seen.lost() >= 0,
                        glance::toString);
            }
        }
        assertTrue(shown > 1000 && shown < 10_000, "shown " + shown);
    }

    private static RingGlance glance(final RingPair pair) {
        return look(pair.writerArena.memory(), List.of(pair.readerArena.memory())).orElseThrow();
    }

    private static Optional<RingGlance> look(final Memory memory, final List<Memory> readers) {
        return RingGlance.of(
                "writer", memory, ArenaDirectory.find(memory, "ring:results"), readers);
    }
}
