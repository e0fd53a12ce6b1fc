package io.coppice.pool.block;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;
import java.util.Objects;

/**
 * Where the blocks of a pool are and who holds them, for any process that maps the arena. What it
 * returns was so when it looked. For any thread; nothing but {@link #attach} allocates.
 */
public final class BlockPoolReader {
    private final Memory arena;
    private final long offset;
    private final BlockPoolLayout layout;

    private BlockPoolReader(final Memory arena, final long offset, final BlockPoolLayout layout) {
        this.arena = arena;
        this.offset = offset;
        this.layout = layout;
    }

    /**
     * Finds a pool.
     *
     * @param name for errors
     * @param arena mapped for reading or for writing
     * @throws ArenaException where what is there is no pool of that size
     */
    public static BlockPoolReader attach(
            final String name, final Memory arena, final long offset, final long bytes) {
        return new BlockPoolReader(arena, offset, BlockPoolLayout.read(name, arena, offset, bytes));
    }

    /** Returns how many blocks there are. */
    public int capacity() {
        return layout.blocks;
    }

    /** Returns how many bytes a block has. */
    public int blockBytes() {
        return (int) layout.blockBytes;
    }

    /** Returns how many blocks are in use; a death may leave it wrong until the daemon attaches. */
    public long size() {
        return arena.getLongVolatile(offset + BlockPoolLayout.IN_USE);
    }

    /** Returns the most that were in use at once, about. */
    public long highWater() {
        return arena.getLong(offset + BlockPoolLayout.HIGH_WATER);
    }

    /**
     * Returns where a block begins in the arena; the blocks lie one behind the other.
     *
     * @param block from 0, below {@link #capacity}
     */
    public long offset(final int block) {
        return offset + layout.block(Objects.checkIndex(block, layout.blocks));
    }

    /**
     * Returns which holders a block has, a bit each, the lowest for the daemon; 0 where it is free.
     *
     * @param block from 0, below {@link #capacity}
     */
    public long holders(final int block) {
        return arena.getLongVolatile(
                        offset + layout.holderWord(Objects.checkIndex(block, layout.blocks)))
                & ~(HolderWord.OWN | HolderWord.LEAVING);
    }
}
