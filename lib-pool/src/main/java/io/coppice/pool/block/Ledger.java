package io.coppice.pool.block;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;

/**
 * The ledger of one holder. Only the holder writes it, or after its certified death whoever gives
 * back what it held.
 *
 * <p>Ordering. An entry is written before the holder's bit is touched and cleared after it was, and
 * what its transaction decided is stored into it by the journal's commit. So after any death an
 * entry says which of the steps below may have been made, and since nobody else sets the bit of a
 * holder but the daemon's, the bit says which were. For the daemon's bit, {@link HolderWord#OWN}
 * and {@link HolderWord#LEAVING} do.
 */
final class Ledger {
    private final String name;
    private final Memory pool;
    private final BlockPoolLayout layout;
    private final Blocks blocks;
    private final int holder;

    Ledger(
            final String name,
            final Memory pool,
            final BlockPoolLayout layout,
            final Blocks blocks,
            final int holder) {
        this.name = name;
        this.pool = pool;
        this.layout = layout;
        this.blocks = blocks;
        this.holder = holder;
    }

    long at(final int index) {
        return layout.entry(holder, index);
    }

    long entry(final int index) {
        return pool.getLong(at(index));
    }

    void put(final int index, final int state, final int block) {
        // The step that the entry announces is a compare-and-set, which stays behind this store.
        pool.putLongRelease(at(index), LedgerEntry.of(state, block));
    }

    /** Gives back all that the holder held, and finishes or undoes what it was doing. */
    void giveBack() {
        for (int i = 0; i < layout.ledgerEntries; i++) {
            settle(i);
            final long entry = entry(i);
            if (LedgerEntry.state(entry) == LedgerEntry.HELD) {
                put(i, LedgerEntry.DROPPED, LedgerEntry.block(entry));
                settle(i);
            }
        }
    }

    /** Makes the steps that an entry still needs; each may have been made already. */
    void settle(final int index) {
        final long entry = entry(index);
        if (entry == 0) {
            return;
        }
        final int block = LedgerEntry.block(entry);
        if (block < 0 || block >= layout.blocks) {
            throw damaged(index, entry);
        }
        switch (LedgerEntry.state(entry)) {
            case LedgerEntry.INTENT:
                undoClaim(block);
                break;
            case LedgerEntry.LEAVING:
                stay(block);
                break;
            case LedgerEntry.HELD:
                return;
            case LedgerEntry.DROPPED:
                drop(block);
                break;
            case LedgerEntry.GIVEN:
                give(block);
                break;
            case LedgerEntry.TAKEN:
                take(block);
                if (HolderWord.has(blocks.word(block), holder)) {
                    put(index, LedgerEntry.HELD, block);
                    return;
                }
                break;
            case LedgerEntry.CONSUMED:
                take(block);
                put(index, LedgerEntry.DROPPED, block);
                drop(block);
                break;
            default:
                throw damaged(index, entry);
        }
        put(index, LedgerEntry.NONE, 0);
    }

    /** Takes back the mark that the daemon means to go. */
    void stay(final int block) {
        long word = blocks.word(block);
        while ((word & HolderWord.LEAVING) != 0
                && !blocks.change(block, word, word & ~HolderWord.LEAVING)) {
            word = blocks.word(block);
        }
    }

    private void undoClaim(final int block) {
        blocks.leave(block, holder, holder == HolderWord.DAEMON ? HolderWord.OWN : 0);
    }

    private void drop(final int block) {
        blocks.leave(block, holder, holder == HolderWord.DAEMON ? HolderWord.LEAVING : 0);
    }

    private void give(final int block) {
        long word = blocks.word(block);
        while (HolderWord.has(word, holder)
                && !blocks.change(block, word, HolderWord.given(word, holder))) {
            word = blocks.word(block);
        }
    }

    private void take(final int block) {
        long word = blocks.word(block);
        while (!HolderWord.has(word, holder)
                && HolderWord.has(word, HolderWord.DAEMON)
                && !blocks.change(block, word, HolderWord.taken(word, holder))) {
            word = blocks.word(block);
        }
    }

    private ArenaException damaged(final int index, final long entry) {
        return new ArenaException(
                name
                        + ": entry "
                        + index
                        + " of holder "
                        + holder
                        + " is 0x"
                        + Long.toHexString(entry)
                        + ", state "
                        + LedgerEntry.state(entry)
                        + " of block "
                        + LedgerEntry.block(entry));
    }
}
