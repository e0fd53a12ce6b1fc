package io.coppice.pool.block;

import io.coppice.pool.Journal;
import io.coppice.pool.JournalFullException;
import io.coppice.pool.JournalListener;
import io.coppice.pool.StructureFullException;
import java.util.Arrays;
import org.agrona.collections.Int2IntHashMap;

/**
 * What a holder's process knows about its ledger: which entry is whose block's, and what the
 * transaction under way is going to make of it. Lives in the process alone; a death loses nothing
 * that the ledger does not say.
 */
final class OpenEntries implements JournalListener {
    /** The entry is cleared by the commit: the daemon's bit is all that stays. */
    private static final int CLEARED = 8;

    private static final int MISSING = -1;

    private final String name;
    private final Journal journal;
    private final Ledger ledger;
    private final long poolOffset;
    private final int holder;
    private final int[] free;
    private final int[] blockOf;
    private final byte[] planned;
    private final int[] stepEntry;
    private final byte[] stepBefore;
    private final byte[] stepDepth;
    private final Int2IntHashMap entryOf;
    private int freeCount;
    private int steps;

    OpenEntries(
            final String name,
            final Journal journal,
            final Ledger ledger,
            final long poolOffset,
            final int holder,
            final int entries) {
        this.name = name;
        this.journal = journal;
        this.ledger = ledger;
        this.poolOffset = poolOffset;
        this.holder = holder;
        this.free = new int[entries];
        this.blockOf = new int[entries];
        this.planned = new byte[entries];
        // An entry is opened once in a transaction and planned otherwise once at most.
        this.stepEntry = new int[2 * entries];
        this.stepBefore = new byte[2 * entries];
        this.stepDepth = new byte[2 * entries];
        this.entryOf = new Int2IntHashMap(2 * entries, 0.55f, MISSING);
        Arrays.setAll(free, i -> entries - 1 - i);
        this.freeCount = entries;
    }

    /** Returns an entry that is not in use. */
    int take() {
        requireActive();
        if (freeCount == 0) {
            throw new StructureFullException(
                    name + ", ledger of holder " + holder,
                    "entries",
                    free.length,
                    name + ".ledger");
        }
        return free[--freeCount];
    }

    void putBack(final int entry) {
        free[freeCount++] = entry;
    }

    void requireNoEntry(final int block) {
        requireActive();
        if (entryOf.get(block) != MISSING) {
            throw new IllegalStateException(
                    name + ": block " + block + " is held by this holder already");
        }
    }

    /** Returns whether the daemon's block has an entry; refuses one that it may not release. */
    boolean requireLeavable(final int block, final boolean held) {
        requireActive();
        final int entry = entryOf.get(block);
        if (!held || entry != MISSING && planned[entry] != CLEARED) {
            throw notHeld(block);
        }
        return entry != MISSING;
    }

    int room() {
        return freeCount;
    }

    /** Returns whether the holder has a block, as the transaction under way will leave it. */
    boolean willHold(final int block, final boolean bitIsSet) {
        final int entry = entryOf.get(block);
        if (entry == MISSING) {
            return holder == HolderWord.DAEMON && bitIsSet;
        }
        final int plan = planned[entry];
        return holder == HolderWord.DAEMON
                ? plan == CLEARED
                : plan == LedgerEntry.HELD || plan == LedgerEntry.TAKEN;
    }

    /** The holder's bit was set under an entry that says INTENT. */
    void claimed(final int entry, final int block) {
        plan(entry, block, holder == HolderWord.DAEMON ? CLEARED : LedgerEntry.HELD);
    }

    /** Plans what becomes of a block that has no entry so far. */
    void plan(final int entry, final int block, final int next) {
        blockOf[entry] = block;
        entryOf.put(block, entry);
        step(entry, next);
    }

    void release(final int block) {
        final int entry = requireEntry(block);
        switch (planned[entry]) {
            case CLEARED:
            case LedgerEntry.HELD:
                step(entry, LedgerEntry.DROPPED);
                break;
            case LedgerEntry.TAKEN:
                step(entry, LedgerEntry.CONSUMED);
                break;
            default:
                throw notHeld(block);
        }
    }

    void give(final int block, final boolean daemonHolds) {
        final int entry = requireEntry(block);
        final boolean taken = planned[entry] == LedgerEntry.TAKEN;
        if (!taken && planned[entry] != LedgerEntry.HELD || holder == HolderWord.DAEMON) {
            throw notHeld(block);
        }
        if (!taken && daemonHolds) {
            throw new IllegalStateException(
                    name + ": block " + block + " is held by the daemon too: release it instead");
        }
        step(entry, taken ? CLEARED : LedgerEntry.GIVEN);
    }

    @Override
    public void onCommit() {
        for (int i = 0; i < steps; i++) {
            final int entry = stepEntry[i];
            if (planned[entry] == LedgerEntry.TAKEN) {
                ledger.settle(entry);
                planned[entry] = LedgerEntry.HELD;
                if (ledger.entry(entry) == LedgerEntry.NONE) {
                    // The daemon gave the block up in between, against the rule of take().
                    close(entry);
                }
            } else if (planned[entry] != LedgerEntry.HELD && planned[entry] != LedgerEntry.NONE) {
                ledger.settle(entry);
                close(entry);
            }
        }
        steps = 0;
    }

    @Override
    public void onRollback() {
        while (steps > 0) {
            undoLast();
        }
    }

    @Override
    public void onRollbackToSavepoint() {
        while (steps > 0 && stepDepth[steps - 1] > journal.savepoints()) {
            undoLast();
        }
    }

    private void step(final int entry, final int next) {
        stepEntry[steps] = entry;
        stepBefore[steps] = planned[entry];
        stepDepth[steps] = (byte) journal.savepoints();
        steps++;
        planned[entry] = (byte) next;
        try {
            journal.deferLong(
                    poolOffset + ledger.at(entry),
                    LedgerEntry.of(next == CLEARED ? LedgerEntry.NONE : next, blockOf[entry]));
        } catch (final JournalFullException full) {
            // A return to a later savepoint would let the transaction go on without this store.
            undoLast();
            throw full;
        }
    }

    private void undoLast() {
        steps--;
        final int entry = stepEntry[steps];
        planned[entry] = stepBefore[steps];
        if (planned[entry] == LedgerEntry.NONE) {
            ledger.settle(entry);
            close(entry);
        } else if (holder == HolderWord.DAEMON) {
            ledger.stay(blockOf[entry]);
        }
    }

    private void close(final int entry) {
        planned[entry] = LedgerEntry.NONE;
        entryOf.remove(blockOf[entry]);
        putBack(entry);
    }

    private int requireEntry(final int block) {
        requireActive();
        final int entry = entryOf.get(block);
        if (entry == MISSING) {
            throw notHeld(block);
        }
        return entry;
    }

    private void requireActive() {
        if (!journal.isActive()) {
            throw new IllegalStateException(
                    name + ": no transaction is under way: begin() comes first");
        }
    }

    private IllegalStateException notHeld(final int block) {
        return new IllegalStateException(
                name
                        + ": block "
                        + block
                        + " is not held by holder "
                        + holder
                        + ", or not any more");
    }
}
