package io.coppice.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.ring.Dialogue.Answerer;
import io.coppice.ring.Dialogue.Asker;
import io.coppice.ring.Dialogue.World;
import io.coppice.ring.request.RequestCount;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outcomes of requests, with a clock that goes as the tests say. */
class RequestTest {
    @TempDir Path folder;

    private World world;
    private Asker asker;
    private Answerer answerer;

    @BeforeEach
    void start() {
        world = new World(TestTree.create(folder, 1), false);
        asker = new Asker(world);
        answerer = new Answerer(world);
    }

    @AfterEach
    void everythingIsSound() {
        Dialogue.sound(asker.arena.memory());
        Dialogue.sound(answerer.arena.memory());
    }

    @Test
    void repliesComeOnceWhetherGivenAtOnceOrLater() {
        assertTrue(asker.ask(2));
        assertEquals(2, asker.requester.pending());
        assertEquals(2, answerer.take());
        assertEquals(1, answerer.replier.open());
        assertEquals(1, asker.poll());
        assertEquals(1, answerer.answer());
        assertEquals(1, asker.poll());
        assertEquals(0, asker.poll());
        assertEquals(2, asker.outcomes(Dialogue.REPLIED));
        assertEquals(0, asker.requester.pending());
        assertEquals(2, asker.requester.count(RequestCount.ANSWERED));
        assertEquals(2, answerer.replier.count(RequestCount.ANSWERED));
    }

    @Test
    void nothingIsAskedWithoutTheCommit() {
        asker.arena.journal().begin();
        assertTrue(asker.requester.tryAsk(1, 0, world.nowNs + 1) > 0);
        asker.arena.journal().rollback();
        assertEquals(0, asker.requester.pending());
        assertEquals(0, answerer.take());
        assertFalse(asker.requester.isPending(asker.requester.correlationId()));
    }
}
