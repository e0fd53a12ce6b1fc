package io.coppice.pool.document;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import io.coppice.pool.Reclaimable;
import io.coppice.pool.block.BlockPool;
import io.coppice.pool.block.BlockPoolReader;

/**
 * A {@link BlockPool} all of whose blocks are documents'. Who holds a document, and what becomes of
 * it when its holder dies, is the pool's: a document of the daemon stays, one of a worker is given
 * back, one that changes hands in a committed transaction belongs to the one or the other.
 *
 * <pre>{@code
 * journal.recover();
 * DocumentPool documents = DocumentPool.attach("orders", journal, arena, offset, bytes, 1);
 * Document order = documents.flyweight();
 * journal.begin();
 * order.open(referenceFromTheMessage).take();
 * order.putLong(TOTAL, 12);
 * order.give();                      // and the reference into the answer
 * journal.commit();
 * }</pre>
 *
 * <p>For one thread of one process: the journal's. No method but {@link #attach}, {@link #layOut}
 * and {@link #flyweight} allocates.
 */
public final class DocumentPool implements Reclaimable {
    private final String name;
    private final Journal journal;
    private final Memory arena;
    private final BlockPool pool;
    private final BlockPoolReader blocks;
    private final boolean isDaemon;

    private DocumentPool(
            final String name,
            final Journal journal,
            final Memory arena,
            final BlockPool pool,
            final BlockPoolReader blocks,
            final boolean isDaemon) {
        this.name = name;
        this.journal = journal;
        this.arena = arena;
        this.pool = pool;
        this.blocks = blocks;
        this.isDaemon = isDaemon;
    }

    /**
     * Returns what a pool takes, a multiple of 64.
     *
     * @param blocks how many, from 1; a document has one and those that its values fill, and twice
     *     as many for a moment while it is compacted
     * @param blockBytes of each, a multiple of 64 from {@link DocumentLayout#BLOCK_BYTES_MIN} up to
     *     2^30; a twelfth of it is how many blocks of values a document can have, at most {@link
     *     DocumentLayout#BLOCKS_MAX}
     * @param holders how many processes, the daemon included
     * @param ledgerEntries how many blocks a worker can hold at once, and the daemon allocate and
     *     release in one transaction: to compact a document of its own it does both
     */
    public static long bytes(
            final int blocks, final int blockBytes, final int holders, final int ledgerEntries) {
        requireBlockBytes(blockBytes);
        return BlockPool.bytes(blocks, blockBytes, holders, ledgerEntries);
    }

    /**
     * Makes a pool in zeroed memory and attaches as the daemon, in the INIT phase. For the rest see
     * {@link #bytes}.
     *
     * @param name for messages, and the manifest key of the number of blocks
     */
    public static DocumentPool layOut(
            final String name,
            final Journal journal,
            final Memory arena,
            final long offset,
            final int blocks,
            final int blockBytes,
            final int holders,
            final int ledgerEntries) {
        final long bytes = bytes(blocks, blockBytes, holders, ledgerEntries);
        final BlockPool pool =
                BlockPool.layOut(
                        name, journal, arena, offset, blocks, blockBytes, holders, ledgerEntries);
        return new DocumentPool(
                name,
                journal,
                arena,
                pool,
                BlockPoolReader.attach(name, arena, offset, bytes),
                true);
    }

    /**
     * Attaches as a holder, see {@link BlockPool#attach}.
     *
     * @param journal of this holder, recovered
     * @param holder 0 for the daemon; no other living process has the same
     * @throws ArenaException where there is no such pool or holder, or its ledger is damaged
     */
    public static DocumentPool attach(
            final String name,
            final Journal journal,
            final Memory arena,
            final long offset,
            final long bytes,
            final int holder) {
        final BlockPoolReader blocks = BlockPoolReader.attach(name, arena, offset, bytes);
        if (blocks.blockBytes() < DocumentLayout.BLOCK_BYTES_MIN) {
            throw new ArenaException(
                    name
                            + ": blocks of "
                            + blocks.blockBytes()
                            + " bytes at offset "
                            + offset
                            + ": documents need "
                            + DocumentLayout.BLOCK_BYTES_MIN);
        }
        return new DocumentPool(
                name,
                journal,
                arena,
                BlockPool.attach(name, journal, arena, offset, bytes, holder),
                blocks,
                holder == BlockPool.DAEMON);
    }

    /** Returns a new flyweight, which has no document open; allocates. */
    public Document flyweight() {
        final DocumentTree tree = new DocumentTree(new DocumentSpace(name, arena, blocks));
        return new Document(new DocumentRoot(tree, journal, pool, blocks, isDaemon));
    }

    /** Returns how many bytes a block has. */
    public int blockBytes() {
        return pool.blockBytes();
    }

    /** Returns how many blocks there are. */
    public int capacity() {
        return pool.capacity();
    }

    /** Returns how many blocks are in use; a death may leave it wrong until the daemon attaches. */
    public long size() {
        return pool.size();
    }

    /** Returns the most blocks that were in use at once, about. */
    public long highWater() {
        return pool.highWater();
    }

    /**
     * Gives back what a dead worker held, its documents included: their references are stale from
     * then on.
     *
     * @param deadHolder a worker whose death is certified and whose journal was recovered
     * @throws ArenaException where its ledger is damaged, or the pool has no such holder
     */
    @Override
    public void reclaim(final int deadHolder) {
        pool.reclaim(deadHolder);
    }

    private static void requireBlockBytes(final int blockBytes) {
        if (blockBytes < DocumentLayout.BLOCK_BYTES_MIN) {
            throw new IllegalArgumentException(
                    "blocks of "
                            + blockBytes
                            + " bytes: documents need at least "
                            + DocumentLayout.BLOCK_BYTES_MIN);
        }
    }
}
