package io.coppice.pool.block;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;

/**
 * Says how full a pool of blocks is, over a mapping that may be read-only. What it says may be out
 * of date at once. For any thread.
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
     * Attaches to a pool, as none of its holders.
     *
     * @throws ArenaException where there is none
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
}
