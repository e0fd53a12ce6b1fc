package io.coppice.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.ring.Dialogue.Answerer;
import io.coppice.ring.Dialogue.Asker;
import io.coppice.ring.Dialogue.World;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills asker and replier at every store of asking, taking, answering at once and later, and
 * telling outcomes; then their successors at every store of two recoveries in a row. Every request
 * that was asked has one outcome.
 */
@Tag("cuts")
class RequestKillTest {
    private static final int CYCLES_BEFORE_MAX = 3;

    @TempDir Path folder;

    private World world;

    private boolean isDurable;

    private boolean isLate;

    /** How much was asked for when everything that is killed has happened. */
    private long askedMost;

    @Test
    void everyRequestHasOneOutcome() throws IOException {
        killEverywhere("requests");
    }

    @Test
    void everyDurableRequestIsAnsweredOnce() throws IOException {
        isDurable = true;
        killEverywhere("durable requests");
    }

    @Test
    void everyRequestThatExpiresHasOneOutcome() throws IOException {
        isLate = true;
        killEverywhere("expiring requests");
    }

    private void killEverywhere(final String name) throws IOException {
        world = new World(TestTree.create(folder, 1), isDurable);
        final EveryDeath deaths =
                new EveryDeath(
                        this::recover,
                        this::verify,
                        world.tree.writerFile(),
                        world.tree.readerFile(0));
        // The first one lays everything out, and its recoveries clear every byte of that: to kill
        // these is for the tests of arenas. The others differ in where the rings stand.
        for (int before = 0; before <= CYCLES_BEFORE_MAX; before++) {
            final byte[][] start = deaths.image();
            cycle();
            askedMost = new Asker(world).asked();
            deaths.restore(start);
            deaths.of(this::cycle, before == 0 ? 0 : EveryDeath.RECOVERIES_KILLED);
            cycle();
        }
        System.out.println(
                name
                        + ": "
                        + deaths.points()
                        + " cuts in "
                        + (CYCLES_BEFORE_MAX + 1)
                        + " cycles and two recoveries of each");
        assertTrue(deaths.points() > 0);
    }

    private void cycle() {
        world.nowNs = 1;
        final Asker asker = new Asker(world);
        final Answerer answerer = new Answerer(world);
        asker.ask(2);
        answerer.take();
        if (isLate) {
            world.nowNs += Dialogue.PATIENCE_NS;
        }
        answerer.answer();
        asker.poll();
    }

    private void recover() {
        final Asker asker = new Asker(world);
        final Answerer answerer = new Answerer(world);
        answerer.work();
        asker.poll();
    }

    private void verify() {
        final Asker asker = new Asker(world);
        final Answerer answerer = new Answerer(world);
        answerer.work();
        asker.poll();
        if (isLate) {
            // Also where the clock had not gone on yet when the death came.
            world.nowNs += Dialogue.PATIENCE_NS;
            answerer.work();
            asker.poll();
            world.nowNs -= Dialogue.PATIENCE_NS;
        }
        assertEquals(0, answerer.work());
        assertEquals(0, asker.poll());
        assertOneOutcomeEach(asker);
        assertEquals(0, answerer.replier.open());
        assertEquals(0, asker.requester.pending());
        Dialogue.sound(asker.arena.memory());
        Dialogue.sound(answerer.arena.memory());
        final int replied = asker.outcomes(Dialogue.REPLIED);
        assertTrue(asker.ask(2));
        answerer.work();
        asker.poll();
        assertEquals(replied + 2, asker.outcomes(Dialogue.REPLIED));
    }

    private void assertOneOutcomeEach(final Asker asker) {
        final long asked = asker.asked();
        // Both were asked or neither.
        assertTrue(
                asked == askedMost || asked == Math.max(0, askedMost - 2),
                asked + " asked of " + askedMost);
        final int replied = asker.outcomes(Dialogue.REPLIED);
        final int expired = asker.outcomes(Dialogue.EXPIRED);
        final int cancelled = asker.outcomes(Dialogue.CANCELLED);
        assertEquals(asked, replied + expired + cancelled);
        if (isDurable) {
            assertEquals(asked, replied);
        } else if (!isLate) {
            assertEquals(0, expired);
        }
    }
}
