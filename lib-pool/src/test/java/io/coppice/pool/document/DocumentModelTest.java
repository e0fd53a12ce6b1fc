package io.coppice.pool.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Cuts;
import io.coppice.pool.StructureFullException;
import io.coppice.pool.TestArena;
import io.coppice.pool.document.DocumentsOfTwo.Side;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random transactions of a daemon and a worker on a few documents that change hands, against plain
 * maps and lists, with rollbacks, savepoints, full pools, and deaths of either at any store.
 */
@Tag("cuts")
class DocumentModelTest {
    private static final int TRANSACTIONS = 12_000;
    private static final int SLOTS = 3;

    private final long seed = Long.getLong("coppice.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final DocumentsOfTwo of = new DocumentsOfTwo(1 << 16, 24, 256, 32);
    private final TestArena arena = new TestArena(of.bytes());
    private final Side[] sides = new Side[DocumentsOfTwo.HOLDERS];
    private final Document[] documents = new Document[DocumentsOfTwo.HOLDERS];
    private Slot[] committed = {Slot.EMPTY, Slot.EMPTY, Slot.EMPTY};
    private Slot[] planned = committed;
    private int refused;

    /** What a slot of the arena names; a value is never changed, but replaced. */
    private record Slot(ModelValue value, int holder, boolean frozen) {
        static final Slot EMPTY = new Slot(null, -1, false);

        Slot with(final ModelValue changed) {
            return new Slot(changed, holder, frozen);
        }
    }

    @AfterEach
    void free() {
        Cuts.disarm();
        arena.close();
    }

    @Test
    void agreesWithPlainMaps() {
        of.layOut(arena.memory());
        attach(0);
        attach(1);
        int deaths = 0;
        for (int n = 1; n <= TRANSACTIONS; n++) {
            final int holder = random.nextInt(2);
            final String where = "-Dcoppice.seed=" + seed + ", transaction " + n + " of " + holder;
            if (random.nextInt(4) == 0) {
                Cuts.arm(random.nextInt(300));
            }
            boolean stands;
            try {
                stands = transaction(holder, n);
                Cuts.disarm();
            } catch (final Cuts.Cut died) {
                Cuts.disarm();
                deaths++;
                of.journal(arena.memory(), holder);
                stands = arena.word(of.markAt) == n;
                committed = thawed(stands ? planned : committed);
                afterDeath(holder);
                planned = committed;
            } catch (final RuntimeException | AssertionError failure) {
                throw new AssertionError(where, failure);
            }
            committed = thawed(stands ? planned : committed);
            assertAgrees(where + (stands ? ", stands" : ", undone"));
        }
        System.out.println(
                "document model: -Dcoppice.seed="
                        + seed
                        + ", "
                        + TRANSACTIONS
                        + " transactions, "
                        + deaths
                        + " deaths, "
                        + refused
                        + " refusals");
        assertTrue(deaths > 0 && refused > 0);
    }

    private void attach(final int holder) {
        sides[holder] = of.attach(arena.memory(), holder);
        documents[holder] = sides[holder].pool().flyweight();
    }

    private void afterDeath(final int holder) {
        // The worker of a dead daemon dies too.
        if (holder == 0) {
            of.recover(arena.memory());
            attach(0);
        } else {
            sides[0].pool().reclaim(1);
        }
        attach(1);
        for (int slot = 0; slot < SLOTS; slot++) {
            if (committed[slot].holder() == 1) {
                committed[slot] = Slot.EMPTY;
            }
        }
    }

    private static Slot[] thawed(final Slot[] slots) {
        return Arrays.stream(slots)
                .map(slot -> new Slot(slot.value(), slot.holder(), false))
                .toArray(Slot[]::new);
    }

    private boolean transaction(final int holder, final int mark) {
        final Side side = sides[holder];
        planned = committed.clone();
        side.journal().begin();
        steps(holder);
        if (random.nextInt(2) == 0) {
            final List<Slot[]> before = new ArrayList<>();
            for (int savepoints = 1 + random.nextInt(3); savepoints > 0; savepoints--) {
                side.journal().savepoint();
                before.add(planned.clone());
                steps(holder);
            }
            if (random.nextBoolean()) {
                final int back = random.nextInt(before.size());
                side.journal().rollbackTo(back);
                planned = before.get(back);
            }
            steps(holder);
        }
        if (random.nextInt(4) == 0) {
            side.journal().rollback();
            return false;
        }
        side.journal().putLong(of.markAt, mark);
        side.journal().commit();
        return true;
    }

    private void steps(final int holder) {
        for (int step = random.nextInt(5); step > 0; step--) {
            final int slot = random.nextInt(SLOTS);
            try {
                step(holder, slot);
            } catch (final StructureFullException full) {
                // The model has not been changed, and neither may the document have been.
                refused++;
            }
            assertEquals(planned[slot].value() == null, planned[slot].holder() < 0);
            if (planned[slot].holder() == holder && !planned[slot].frozen()) {
                assertEquals(planned[slot].value().json(), open(holder, slot).toJson());
            }
        }
    }

    private void step(final int holder, final int slot) {
        final Slot at = planned[slot];
        if (at.holder() < 0) {
            if (!at.frozen()) {
                final long reference = documents[holder].create();
                sides[holder].journal().putLong(of.referenceAt + 8L * slot, reference);
                planned[slot] = new Slot(ModelValue.table(), holder, false);
            }
        } else if (at.holder() == holder && !at.frozen()) {
            change(holder, slot);
        } else if (holder == 1 && at.holder() == 0 && !at.frozen()) {
            open(holder, slot).take();
            planned[slot] = new Slot(at.value(), 1, false);
        }
    }

    private void change(final int holder, final int slot) {
        final Slot at = planned[slot];
        final Document document = open(holder, slot);
        final int choice = random.nextInt(24);
        if (choice == 0) {
            document.release();
            planned[slot] = new Slot(null, -1, true);
        } else if (choice <= 2 && holder == 1) {
            document.give();
            planned[slot] = new Slot(at.value(), 0, true);
        } else if (choice <= 7) {
            final ModelValue.Way way = at.value().existing(random);
            if (way != null) {
                assertTrue(document.remove(way.path()));
                planned[slot] = at.with(at.value().without(way));
            }
        } else {
            final ModelValue.Way way = at.value().anywhere(random);
            final Object value = ModelValue.random(random);
            ModelValue.put(document, way.path(), value, random);
            planned[slot] = at.with(at.value().with(way, value));
        }
    }

    private Document open(final int holder, final int slot) {
        return documents[holder].open(arena.word(of.referenceAt + 8L * slot));
    }

    private void assertAgrees(final String where) {
        of.assertSound(arena.memory(), where);
        final DocumentReader reader = of.reader(arena.memory());
        for (int slot = 0; slot < SLOTS; slot++) {
            if (committed[slot].holder() >= 0) {
                final long reference = arena.word(of.referenceAt + 8L * slot);
                assertEquals(
                        committed[slot].value().json(), reader.open(reference).toJson(), where);
                assertEquals(
                        1L << committed[slot].holder(),
                        of.places(arena.memory()).holders(DocumentLayout.block(reference)),
                        where);
            }
        }
        for (int holder = 0; holder < 2; holder++) {
            final int wanted = holder;
            final boolean has = Arrays.stream(committed).anyMatch(at -> at.holder() == wanted);
            assertEquals(has, of.held(arena.memory(), holder, where) > 0, where);
        }
    }
}
