package io.coppice.pool.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Cuts;
import io.coppice.pool.TestArena;
import io.coppice.pool.pipe.PipeOfThree.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random transactions of a daemon and two workers, all under way at the same time, against a sorted
 * map, with rollbacks, savepoints, and deaths of any of them at any store.
 */
@Tag("cuts")
class PipeModelTest {
    private static final long SEED = 77;
    private static final int STEPS = 200_000;

    private final TestArena arena = new TestArena(PipeOfThree.BYTES);
    private final Random random = new Random(SEED);
    private final Model[] models = new Model[PipeOfThree.PROCESSES];

    /** What everybody may poll, by number. */
    private final TreeMap<Long, Long> ready = new TreeMap<>();

    private long lastNumber;
    private long lastMessage;
    private long lastMark;
    private int deaths;

    /** What a process and its transaction know. */
    private static final class Model {
        private Side side;
        private long mark;
        private int savepoint;
        private boolean hasSavepoint;
        private final TreeMap<Long, Long> polled = new TreeMap<>();
        private final List<Long> polledNumbers = new ArrayList<>();
        private final List<Long> offered = new ArrayList<>();
        private int polledBefore;
        private int offeredBefore;
    }

    @AfterEach
    void free() {
        Cuts.disarm();
        arena.close();
    }

    @Test
    void agreesWithASortedMap() {
        PipeOfThree.layOut(arena.memory());
        for (int i = 0; i < models.length; i++) {
            models[i] = new Model();
            models[i].side = PipeOfThree.attach(arena.memory(), i);
        }
        for (int step = 0; step < STEPS; step++) {
            final int process = random.nextInt(models.length);
            final String where = "seed " + SEED + ", step " + step + " of process " + process;
            if (random.nextInt(12) == 0) {
                Cuts.arm(random.nextInt(24));
            }
            try {
                step(models[process], where);
                Cuts.disarm();
            } catch (final Cuts.Cut died) {
                Cuts.disarm();
                deaths++;
                afterDeath(process);
            }
            assertEquals(
                    List.of(),
                    PipeInvariants.check(arena.memory(), PipeOfThree.PIPE, PipeOfThree.PIPE_BYTES),
                    where);
        }
        System.out.println(
                "pipe model: seed "
                        + SEED
                        + ", "
                        + STEPS
                        + " steps, "
                        + lastNumber
                        + " messages, "
                        + deaths
                        + " deaths");
        assertTrue(deaths > STEPS / 100);
    }

    private void step(final Model model, final String where) {
        final Side side = model.side;
        if (!side.journal().isActive()) {
            model.mark = ++lastMark;
            side.journal().begin();
            side.journal().putLong(PipeOfThree.MARKS + 64L * side.process(), model.mark);
            return;
        }
        switch (random.nextInt(8)) {
            case 0:
            case 1:
            case 2:
                offer(model, where);
                break;
            case 3:
            case 4:
                poll(model, where);
                break;
            case 5:
                savepoint(model);
                break;
            case 6:
                side.journal().rollback();
                undo(model);
                break;
            default:
                side.journal().commit();
                stand(model);
                break;
        }
    }

    private void offer(final Model model, final String where) {
        final boolean room = used() < PipeOfThree.CAPACITY;
        assertEquals(room, model.side.offer(++lastMessage), where);
        if (room) {
            model.offered.add(lastMessage);
        }
    }

    private void poll(final Model model, final String where) {
        final long expected = ready.isEmpty() ? -1 : ready.firstEntry().getValue();
        assertEquals(expected, model.side.poll(), where);
        if (expected != -1) {
            final long number = ready.pollFirstEntry().getKey();
            model.polled.put(number, expected);
            model.polledNumbers.add(number);
        }
    }

    private void savepoint(final Model model) {
        if (!model.hasSavepoint) {
            model.savepoint = model.side.journal().savepoint();
            model.hasSavepoint = true;
            model.polledBefore = model.polledNumbers.size();
            model.offeredBefore = model.offered.size();
            return;
        }
        model.side.journal().rollbackTo(model.savepoint);
        model.hasSavepoint = false;
        while (model.polledNumbers.size() > model.polledBefore) {
            final long number = model.polledNumbers.remove(model.polledNumbers.size() - 1);
            ready.put(number, model.polled.remove(number));
        }
        while (model.offered.size() > model.offeredBefore) {
            model.offered.remove(model.offered.size() - 1);
        }
    }

    private void stand(final Model model) {
        for (final long message : model.offered) {
            ready.put(++lastNumber, message);
        }
        model.polled.clear();
        undo(model);
    }

    private void undo(final Model model) {
        ready.putAll(model.polled);
        model.polled.clear();
        model.polledNumbers.clear();
        model.offered.clear();
        model.hasSavepoint = false;
    }

    private int used() {
        int used = ready.size();
        for (final Model model : models) {
            used += model.polled.size() + model.offered.size();
        }
        return used;
    }

    private void afterDeath(final int process) {
        if (process != Pipe.DAEMON) {
            PipeOfThree.journal(arena.memory(), process);
            models[0].side.pipe().reclaim(process);
            settle(models[process]);
            models[process].side = PipeOfThree.attach(arena.memory(), process);
            return;
        }
        // The workers of a dead daemon die too.
        for (int i = 0; i < models.length; i++) {
            PipeOfThree.journal(arena.memory(), i);
        }
        final Side daemon = PipeOfThree.recover(arena.memory());
        settle(models[0]);
        models[0].side = daemon;
        for (int i = 1; i < models.length; i++) {
            settle(models[i]);
            models[i].side = PipeOfThree.attach(arena.memory(), i);
        }
        assertEquals(List.of(), PipeOfThree.settledFaults(arena.memory()));
    }

    /** The mark is of the transaction under way where it was committed before the death. */
    private void settle(final Model model) {
        if (PipeOfThree.mark(arena.memory(), model.side.process()) == model.mark) {
            stand(model);
        } else {
            undo(model);
        }
    }
}
