package io.coppice.pool.document;

import static io.coppice.pool.document.DocumentLayout.HEADER_BYTES;
import static io.coppice.pool.document.DocumentLayout.KIND;
import static io.coppice.pool.document.DocumentLayout.KIND_DATA;
import static io.coppice.pool.document.DocumentLayout.OWNER;
import static io.coppice.pool.document.DocumentLayout.STATE;

import io.coppice.pool.Journal;
import io.coppice.pool.block.BlockPool;
import java.lang.invoke.VarHandle;

/**
 * Makes blocks that were just allocated a document's.
 *
 * <p>Ordering. A block that a death gave back may still be what a reader takes for its document. So
 * its state, where that says live, and its owner are overwritten first, and a fence keeps what is
 * stored into it later behind them: a reader that has read any of the new looks at state and owner
 * after it, and sees that they have changed. None of this is undone: the block is of no committed
 * document, and one that is given back again stays nobody's.
 */
final class NewBlocks {
    private final Journal journal;
    private final BlockPool pool;

    NewBlocks(final Journal journal, final BlockPool pool) {
        this.journal = journal;
        this.pool = pool;
    }

    /**
     * Enters new blocks in a list, from one place to another, all or none.
     *
     * @return whether there were enough, and places in the ledger
     */
    boolean enter(final DocumentSpace space, final int from, final int to) {
        if (pool.roomInLedger() < to - from) {
            return false;
        }
        for (int index = from; index < to; index++) {
            final int block = pool.tryAllocate();
            if (block == BlockPool.NONE) {
                for (int taken = index - 1; taken >= from; taken--) {
                    pool.release(space.block(taken));
                }
                return false;
            }
            prepare(space, block);
            final long at = space.rootOffset(block);
            space.arena.putLong(at + KIND, (long) index << Integer.SIZE | KIND_DATA);
            space.arena.putLong(at + OWNER, space.reference());
            space.saveBlock(journal, index);
            space.setBlock(index, block);
        }
        return true;
    }

    /** Makes a block that was just allocated be nobody's. */
    void prepare(final DocumentSpace space, final int block) {
        final long at = space.rootOffset(block);
        journal.touch(at, HEADER_BYTES);
        final long state = space.arena.getLong(at + STATE);
        if (DocumentLayout.isLive(state)) {
            space.arena.putLong(at + STATE, DocumentLayout.next(state, false, true));
        }
        space.arena.putLong(at + OWNER, 0);
        VarHandle.storeStoreFence();
    }
}
