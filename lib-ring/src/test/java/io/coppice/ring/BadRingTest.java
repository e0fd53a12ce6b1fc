package io.coppice.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Arena;
import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;
import io.coppice.ring.Dialogue.Answerer;
import io.coppice.ring.Dialogue.Asker;
import io.coppice.ring.Dialogue.World;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rings that are not there, are written twice, are of another layout, or hold what cannot be. */
class BadRingTest {
    private static final String WHICH =
            ", this program knows 1: let the same build write and read it, or reset the writing"
                    + " daemon";

    @TempDir Path folder;

    private long nowNs = 7;

    @Test
    void aRingThatIsNeverLaidOutIsNamedWithThoseThatAre() {
        final RingPair pair = new RingPair(folder, RingSettings.lossless(TestTree.CAPACITY));
        final RingReader lost = pair.tree.reader(pair.readerArena, "result", RingStart.newest());
        lost.waitAtMost(5_000_000, () -> nowNs);
        assertEquals(0, lost.poll((type, buffer, index, length) -> {}, 1));
        assertNull(lost.problem());
        nowNs += 4_999_999;
        assertEquals(0, lost.poll((type, buffer, index, length) -> {}, 1));
        assertNull(lost.problem());
        nowNs++;
        assertEquals(0, lost.poll((type, buffer, index, length) -> {}, 1));
        assertEquals(
                "ring \"writer/result\": \"writer\" has not laid it out in 5 ms; it has results:"
                        + " read one of these",
                lost.problem());
        // The other ring goes on.
        pair.sendAll(1, 2);
        assertEquals(List.of(1L, 2L), pair.poll(9));
        assertNull(pair.reader.problem());
        assertThrows(IllegalArgumentException.class, () -> lost.waitAtMost(-1));
    }

    @Test
    void aWriterWithoutRingsIsSaidToHaveNone() {
        final TestTree tree = TestTree.create(folder, 1);
        final RingReader lost = tree.reader(tree.attach(TestTree.readerPlan(0)));
        lost.waitAtMost(0);
        assertEquals(0, lost.poll((type, buffer, index, length) -> {}, 1));
        assertEquals(
                "ring \"writer/results\": \"writer\" has not laid it out in 0 ms; it has no rings:"
                        + " have it open this one, or start it",
                lost.problem());
        // It is found all the same, once it is there.
        final Arena arena = tree.attach(TestTree.writerPlan());
        tree.writer(arena);
        assertEquals(0, lost.poll((type, buffer, index, length) -> {}, 1));
        assertNull(lost.problem());
    }

    @Test
    void aRingHasOneWriter() {
        final TestTree tree = TestTree.create(folder, 1);
        final Arena arena = tree.attach(TestTree.writerPlan());
        tree.writer(arena);
        assertEquals(
                "writer: structure \"ring:results\" was laid out already",
                assertThrows(ArenaException.class, () -> tree.writer(arena)).getMessage());
    }

    @Test
    void anotherLayoutIsRefusedByWriterAndReader() {
        final RingPair pair = new RingPair(folder, RingSettings.lossless(TestTree.CAPACITY));
        final Memory memory = pair.writerArena.memory();
        final long word = base(memory, "ring:results") + RingLayout.LAYOUT_VERSION;
        for (final long layout : new long[] {RingLayout.LAYOUT + 1, 0}) {
            memory.putLong(word, layout);
            final String says = (layout == 0 ? "says no layout" : "is of layout 2") + WHICH;
            assertEquals(
                    "writer: ring \"results\" " + says,
                    assertThrows(ArenaException.class, pair::openWriter).getMessage());
            pair.openReader(RingStart.committed());
            assertEquals(List.of(), pair.poll(9));
            assertEquals("ring \"writer/results\": " + says, pair.reader.problem());
            assertEquals(
                    List.of("ring \"ring:results\": " + says),
                    RingInvariants.check(memory, ArenaDirectory.find(memory, "ring:results")));
        }
        memory.putLong(word, RingLayout.LAYOUT);
        pair.openWriter();
        pair.sendAll(1, 1);
        assertEquals(List.of(1L), pair.poll(9));
        assertNull(pair.reader.problem());
    }

    @Test
    void whatIsDamagedCanBeGivenUpAndCountsAsLost() {
        final RingPair pair = new RingPair(folder, RingSettings.lossless(TestTree.CAPACITY));
        pair.sendAll(1, 1);
        assertEquals(List.of(1L), pair.poll(9));
        pair.sendAll(2, 4);
        final Memory memory = pair.writerArena.memory();
        final long records = base(memory, "ring:results") + RingLayout.RECORDS;
        memory.putInt(records + pair.cursor(), -5);
        final DamagedRingException damaged =
                assertThrows(DamagedRingException.class, () -> pair.poll(9));
        assertTrue(damaged.getMessage().endsWith(" claims -5 bytes"), damaged.getMessage());
        pair.told.clear();
        pair.reader.skip();
        assertEquals(List.of(-3L), pair.told);
        assertEquals(3, pair.reader.lost());
        pair.sendAll(5, 6);
        assertEquals(List.of(5L, 6L), pair.poll(9));
        assertEquals(3, pair.reader.lost());
        pair.reader.skip();
        assertEquals(3, pair.reader.lost());
    }

    @Test
    void requestsThatAreDamagedDoNotEndTheReplier() {
        final World world = new World(TestTree.create(folder, 1), false);
        final Asker asker = new Asker(world);
        final Answerer answerer = new Answerer(world);
        assertTrue(asker.ask(2));
        damage(asker.arena.memory(), "ring:double.requests.reader0");
        assertEquals(1, answerer.take());
        assertEquals(0, answerer.taken());
        assertTrue(answerer.replier.problem().endsWith(" claims -1 bytes"));
        assertTrue(asker.ask(1));
        assertEquals(1, answerer.take());
        assertEquals(1, asker.poll());
        assertEquals(Dialogue.REPLIED, asker.outcome(3));
        assertNull(asker.requester.problem());
        world.nowNs += Dialogue.PATIENCE_NS;
        assertEquals(2, asker.poll());
        assertEquals(2, asker.outcomes(Dialogue.EXPIRED));
    }

    @Test
    void repliesThatAreDamagedDoNotEndTheAsker() {
        final World world = new World(TestTree.create(folder, 1), false);
        final Asker asker = new Asker(world);
        final Answerer answerer = new Answerer(world);
        assertTrue(asker.ask(2));
        answerer.work();
        damage(answerer.arena.memory(), "ring:double.replies.writer");
        assertEquals(1, asker.poll());
        assertTrue(asker.requester.problem().endsWith(" claims -1 bytes"));
        assertEquals(2, asker.requester.pending());
        assertTrue(asker.ask(1));
        answerer.work();
        assertEquals(1, asker.poll());
        assertEquals(Dialogue.REPLIED, asker.outcome(3));
        world.nowNs += Dialogue.PATIENCE_NS;
        assertEquals(2, asker.poll());
        assertEquals(2, asker.outcomes(Dialogue.EXPIRED));
    }

    private static void damage(final Memory memory, final String ring) {
        memory.putInt(base(memory, ring) + RingLayout.RECORDS, -1);
    }

    private static long base(final Memory memory, final String ring) {
        return ArenaDirectory.find(memory, ring).offset();
    }
}
