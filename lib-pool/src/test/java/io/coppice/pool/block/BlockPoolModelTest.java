package io.coppice.pool.block;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.coppice.pool.Cuts;
import io.coppice.pool.TestArena;
import io.coppice.pool.block.PoolOfTwo.Side;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Random transactions of a daemon and two workers against plain sets, with rollbacks, savepoints,
 * and deaths of any of them at any store.
 */
@Tag("cuts")
class BlockPoolModelTest {
    private static final long SEED = 42;
    private static final int TRANSACTIONS = 40_000;

    private final TestArena arena = new TestArena(PoolOfTwo.BYTES);
    private final Random random = new Random(SEED);
    private final Side[] sides = new Side[PoolOfTwo.HOLDERS];
    private List<Set<Integer>> held = new ArrayList<>();
    private List<Set<Integer>> planned = new ArrayList<>();

    /** What the one that runs may not touch again in its transaction, as its rules say. */
    private final Set<Integer> gone = new HashSet<>();

    @AfterEach
    void free() {
        Cuts.disarm();
        arena.close();
    }

    @Test
    void agreesWithPlainSets() {
        PoolOfTwo.layOut(arena.memory());
        for (int i = 0; i < sides.length; i++) {
            sides[i] = PoolOfTwo.attach(arena.memory(), i);
            held.add(new HashSet<>());
        }
        int deaths = 0;
        for (int n = 0; n < TRANSACTIONS; n++) {
            final int holder = random.nextInt(sides.length);
            final String where = "seed " + SEED + ", transaction " + n + " of holder " + holder;
            final boolean dies = random.nextInt(4) == 0;
            final long mark = n + 1L;
            if (dies) {
                Cuts.arm(random.nextInt(60));
            }
            boolean committed;
            try {
                committed = transaction(holder, mark);
                Cuts.disarm();
            } catch (final Cuts.Cut died) {
                Cuts.disarm();
                deaths++;
                committed = false;
                PoolOfTwo.journal(arena.memory(), holder);
                committed = arena.word(PoolOfTwo.MARK) == mark;
                if (committed) {
                    held = planned;
                }
                afterDeath(holder);
            }
            if (committed) {
                held = planned;
            }
            assertAgrees(where + (committed ? ", committed" : ", undone"));
        }
        System.out.println(
                "pool model: seed "
                        + SEED
                        + ", "
                        + TRANSACTIONS
                        + " transactions, "
                        + deaths
                        + " deaths");
    }

    private void afterDeath(final int holder) {
        if (holder == BlockPool.DAEMON) {
            // The workers of a dead daemon die too.
            sides[0] = PoolOfTwo.recover(arena.memory());
            for (int i = 1; i < sides.length; i++) {
                held.get(i).clear();
                sides[i] = PoolOfTwo.attach(arena.memory(), i);
            }
        } else {
            sides[0].pool().reclaim(holder);
            held.get(holder).clear();
            sides[holder] = PoolOfTwo.attach(arena.memory(), holder);
        }
        planned = copy(held);
    }

    private boolean transaction(final int holder, final long mark) {
        final Side side = sides[holder];
        planned = copy(held);
        gone.clear();
        side.journal().begin();
        steps(side, holder);
        if (random.nextInt(3) == 0) {
            final List<Set<Integer>> before = copy(planned);
            final Set<Integer> goneBefore = new HashSet<>(gone);
            final int savepoint = side.journal().savepoint();
            steps(side, holder);
            if (random.nextBoolean()) {
                side.journal().rollbackTo(savepoint);
                planned = before;
                gone.clear();
                gone.addAll(goneBefore);
            }
            steps(side, holder);
        }
        if (random.nextInt(4) == 0) {
            side.journal().rollback();
            return false;
        }
        side.journal().putLong(PoolOfTwo.MARK, mark);
        side.journal().commit();
        return true;
    }

    private void steps(final Side side, final int holder) {
        for (int step = random.nextInt(3); step > 0; step--) {
            final int block = random.nextInt(PoolOfTwo.BLOCKS);
            final Set<Integer> mine = planned.get(holder);
            final Set<Integer> daemons = planned.get(0);
            switch (random.nextInt(5)) {
                case 0:
                    final int got = roomInLedger(holder) ? side.pool().tryAllocate() : -1;
                    if (got != BlockPool.NONE) {
                        for (final Set<Integer> others : planned) {
                            assertEquals(false, others.contains(got), "block " + got + " is held");
                        }
                        mine.add(got);
                    }
                    break;
                case 1:
                    if (mine.contains(block) && !gone.contains(block)) {
                        side.pool().release(block);
                        mine.remove(block);
                        gone.add(block);
                    }
                    break;
                case 2:
                    if (holder != 0
                            && mine.contains(block)
                            && !daemons.contains(block)
                            && !held.get(0).contains(block)
                            && !gone.contains(block)) {
                        side.pool().give(block);
                        mine.remove(block);
                        daemons.add(block);
                        gone.add(block);
                    }
                    break;
                case 3:
                    if (holder != 0
                            && daemons.contains(block)
                            && !mine.contains(block)
                            && !gone.contains(block)
                            && roomInLedger(holder)) {
                        side.pool().take(block);
                        daemons.remove(block);
                        mine.add(block);
                    }
                    break;
                default:
                    if (!mine.contains(block)
                            && !gone.contains(block)
                            && heldByOthers(holder, block)
                            && roomInLedger(holder)) {
                        side.pool().hold(block);
                        mine.add(block);
                    }
                    break;
            }
        }
    }

    private boolean heldByOthers(final int holder, final int block) {
        for (int i = 0; i < planned.size(); i++) {
            if (i != holder && planned.get(i).contains(block)) {
                return true;
            }
        }
        return false;
    }

    private boolean roomInLedger(final int holder) {
        return planned.get(holder).size() + gone.size() < PoolOfTwo.LEDGER;
    }

    private static List<Set<Integer>> copy(final List<Set<Integer>> sets) {
        final List<Set<Integer>> copy = new ArrayList<>();
        sets.forEach(set -> copy.add(new HashSet<>(set)));
        return copy;
    }

    private void assertAgrees(final String where) {
        for (int block = 0; block < PoolOfTwo.BLOCKS; block++) {
            long expected = 0;
            for (int i = 0; i < held.size(); i++) {
                expected |= held.get(i).contains(block) ? 1L << i : 0;
            }
            assertEquals(
                    expected, PoolOfTwo.holders(arena.memory(), block), where + ", block " + block);
        }
        assertEquals(
                List.of(),
                BlockPoolInvariants.check(arena.memory(), PoolOfTwo.POOL, PoolOfTwo.POOL_BYTES),
                where);
    }
}
