package io.coppice.pool.block;

import io.coppice.pool.Memory;

/** The holder words and the taken bits of a pool, as all its processes change them. */
final class Blocks {
    private final Memory pool;
    private final BlockPoolLayout layout;

    Blocks(final Memory pool, final BlockPoolLayout layout) {
        this.pool = pool;
        this.layout = layout;
    }

    long word(final int block) {
        return pool.getLongVolatile(layout.holderWord(block));
    }

    boolean change(final int block, final long from, final long to) {
        return pool.compareAndSetLong(layout.holderWord(block), from, to);
    }

    /** Returns a block that was free when it was looked at, or -1; looks at every word once. */
    int find(final int fromWord) {
        for (int i = 0; i < layout.takenWords; i++) {
            final int index =
                    fromWord + i < layout.takenWords
                            ? fromWord + i
                            : fromWord + i - layout.takenWords;
            long free = ~pool.getLongVolatile(BlockPoolLayout.takenWord(index));
            while (free != 0) {
                final int block = index * Long.SIZE + Long.numberOfTrailingZeros(free);
                if (block >= layout.blocks) {
                    break;
                }
                if (word(block) == HolderWord.FREE) {
                    return block;
                }
                free &= free - 1;
            }
        }
        return BlockPool.NONE;
    }

    /** Counts and hides a block that was just taken; only its taker may. */
    void hide(final int block) {
        setTaken(block, true);
        final long inUse = pool.getAndAddLong(BlockPoolLayout.IN_USE, 1) + 1;
        if (inUse > pool.getLong(BlockPoolLayout.HIGH_WATER)) {
            pool.putLong(BlockPoolLayout.HIGH_WATER, inUse);
        }
    }

    /**
     * Takes a holder's bit out, and lets the block be found where it was the last.
     *
     * @param flag that must be set beside the bit in the very word that is changed, or 0: a gift to
     *     the daemon clears the flags at any time before
     */
    void leave(final int block, final int holder, final long flag) {
        final long required = HolderWord.bit(holder) | flag;
        long word = word(block);
        while ((word & required) == required) {
            final long left = HolderWord.without(word, holder);
            if (change(block, word, left)) {
                if (left == HolderWord.FREE) {
                    pool.getAndAddLong(BlockPoolLayout.IN_USE, -1);
                }
                break;
            }
            word = word(block);
        }
        show(block);
    }

    /**
     * Lets a free block be found. Whoever comes after a death calls this again: a bit that is clear
     * though the block is held costs a look at its word, a bit that stayed set would lose the
     * block.
     */
    void show(final int block) {
        if (word(block) == HolderWord.FREE) {
            setTaken(block, false);
        }
    }

    /** Counts the blocks in use; for when nobody changes them. */
    void recount() {
        long inUse = 0;
        for (int i = 0; i < layout.takenWords; i++) {
            inUse += Long.bitCount(pool.getLongVolatile(BlockPoolLayout.takenWord(i)));
        }
        pool.putLongVolatile(BlockPoolLayout.IN_USE, inUse);
    }

    private void setTaken(final int block, final boolean taken) {
        final long at = BlockPoolLayout.takenWord(block / Long.SIZE);
        final long bit = 1L << block % Long.SIZE;
        long word = pool.getLongVolatile(at);
        while ((word & bit) != 0 != taken) {
            if (pool.compareAndSetLong(at, word, word ^ bit)) {
                return;
            }
            word = pool.getLongVolatile(at);
        }
    }
}
