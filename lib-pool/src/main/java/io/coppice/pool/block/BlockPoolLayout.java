package io.coppice.pool.block;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;

/**
 * A pool of blocks.
 *
 * <pre>
 *      0  blocks          how many, 1 to 2^31 - 64
 *      8  blockBytes      of each, a multiple of 64
 *     16  holders         how many processes, 1 to 62; 0 is the daemon
 *     24  ledgerEntries   of each holder, 1 to 2^20
 *     32  highWater       the most blocks that were in use at once, for people
 *     64  inUse           how many are in use, for people: a death may leave it wrong
 *    128  taken bits      one for each block, 64 in a word: set where a search need not look
 *         holder words    one for each block, see {@link HolderWord}: the truth
 *         ledgers         one for each holder: ledgerEntries words, see {@link LedgerEntry}
 *         blocks
 * </pre>
 *
 * Each part begins at a multiple of 64.
 */
public final class BlockPoolLayout {
    /** The most holders of a pool. */
    public static final int HOLDERS_MAX = 62;

    /** The most entries of a ledger. */
    public static final int LEDGER_ENTRIES_MAX = 1 << 20;

    /** The most blocks of a pool. */
    public static final int BLOCKS_MAX = Integer.MAX_VALUE - 63;

    static final int BLOCKS = 0;
    static final int BLOCK_BYTES = 8;
    static final int HOLDERS = 16;
    static final int LEDGER_ENTRIES = 24;
    static final int HIGH_WATER = 32;
    static final int IN_USE = 64;
    static final int HEAD_BYTES = 128;
    static final int ALIGNMENT = 64;

    static {
        if (HEAD_BYTES % ALIGNMENT != 0 || HOLDERS_MAX > Long.SIZE - HolderWord.FLAGS) {
            throw new AssertionError("the parts must be aligned, and a bit be there for everyone");
        }
    }

    final int blocks;
    final long blockBytes;
    final int holders;
    final int ledgerEntries;
    final int takenWords;
    final long holderWordsOffset;
    final long ledgersOffset;
    final long ledgerBytes;
    final long blocksOffset;
    final long bytes;

    /** Places the parts; the arguments must have been checked by {@link #refusal}. */
    BlockPoolLayout(
            final long blocks,
            final long blockBytes,
            final long holders,
            final long ledgerEntries) {
        final String refusal = refusal(blocks, blockBytes, holders, ledgerEntries);
        if (refusal != null) {
            throw new IllegalArgumentException(refusal);
        }
        this.blocks = (int) blocks;
        this.blockBytes = blockBytes;
        this.holders = (int) holders;
        this.ledgerEntries = (int) ledgerEntries;
        this.takenWords = (int) ((blocks + Long.SIZE - 1) / Long.SIZE);
        this.holderWordsOffset = HEAD_BYTES + align((long) takenWords * Long.BYTES);
        this.ledgersOffset = holderWordsOffset + align(blocks * Long.BYTES);
        this.ledgerBytes = align(ledgerEntries * Long.BYTES);
        this.blocksOffset = ledgersOffset + holders * ledgerBytes;
        this.bytes = blocksOffset + blocks * blockBytes;
    }

    /** Returns what is wrong with numbers that are to describe a pool, or null. */
    static String refusal(
            final long blocks,
            final long blockBytes,
            final long holders,
            final long ledgerEntries) {
        if (blocks < 1 || blocks > BLOCKS_MAX) {
            return blocks + " blocks, a pool has 1 to " + BLOCKS_MAX;
        }
        if (blockBytes < ALIGNMENT || blockBytes > 1 << 30 || blockBytes % ALIGNMENT != 0) {
            return "blocks of " + blockBytes + " bytes, must be a multiple of 64 up to 2^30";
        }
        if (holders < 1 || holders > HOLDERS_MAX) {
            return holders + " holders, a pool has 1 to " + HOLDERS_MAX;
        }
        if (ledgerEntries < 1 || ledgerEntries > LEDGER_ENTRIES_MAX) {
            return ledgerEntries + " ledger entries, a holder has 1 to " + LEDGER_ENTRIES_MAX;
        }
        return null;
    }

    /** Reads the layout of a pool, all of which must lie inside its range. */
    static BlockPoolLayout read(
            final String name, final Memory arena, final long offset, final long bytes) {
        if (offset < 0
                || offset % ALIGNMENT != 0
                || bytes < HEAD_BYTES
                || offset > arena.bytes() - bytes) {
            throw new ArenaException(
                    name + ": " + bytes + " bytes at offset " + offset + " of " + arena.bytes());
        }
        final long blocks = arena.getLong(offset + BLOCKS);
        final long blockBytes = arena.getLong(offset + BLOCK_BYTES);
        final long holders = arena.getLong(offset + HOLDERS);
        final long ledgerEntries = arena.getLong(offset + LEDGER_ENTRIES);
        final String refusal = refusal(blocks, blockBytes, holders, ledgerEntries);
        if (refusal != null) {
            throw new ArenaException(name + ": " + refusal);
        }
        final BlockPoolLayout layout =
                new BlockPoolLayout(blocks, blockBytes, holders, ledgerEntries);
        if (layout.bytes > bytes) {
            throw new ArenaException(
                    name + ": needs " + layout.bytes + " bytes, there are " + bytes);
        }
        return layout;
    }

    /** Returns where the word of taken bits is that has a block's. */
    static long takenWord(final int index) {
        return HEAD_BYTES + (long) index * Long.BYTES;
    }

    /** Returns where the holder word of a block is. */
    long holderWord(final int block) {
        return holderWordsOffset + (long) block * Long.BYTES;
    }

    /** Returns where an entry of a holder's ledger is. */
    long entry(final int holder, final int index) {
        return ledgersOffset + holder * ledgerBytes + (long) index * Long.BYTES;
    }

    /** Returns where a block begins. */
    long block(final int block) {
        return blocksOffset + block * blockBytes;
    }

    private static long align(final long value) {
        return value + ALIGNMENT - 1 & -ALIGNMENT;
    }
}
