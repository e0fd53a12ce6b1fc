package io.coppice.pool.block;

import io.coppice.pool.Journal;
import io.coppice.pool.Memory;

/** A small pool with a daemon and two workers, as each of their processes sees it. */
final class PoolOfTwo {
    static final int JOURNAL_BYTES = 8192;
    static final int MARK = 3 * JOURNAL_BYTES;
    static final int POOL = MARK + 64;
    static final int BLOCKS = 4;
    static final int LEDGER = 6;
    static final int HOLDERS = 3;
    static final long POOL_BYTES = BlockPool.bytes(BLOCKS, 64, HOLDERS, LEDGER);
    static final long BYTES = POOL + POOL_BYTES;

    private PoolOfTwo() {}

    static Journal journal(final Memory memory, final int holder) {
        final Journal journal =
                new Journal(memory, (long) holder * JOURNAL_BYTES, JOURNAL_BYTES, holder);
        journal.recover();
        return journal;
    }

    static void layOut(final Memory memory) {
        BlockPool.layOut("texts", journal(memory, 0), memory, POOL, BLOCKS, 64, HOLDERS, LEDGER);
    }

    /** A process that has just started. */
    static Side attach(final Memory memory, final int holder) {
        final Journal journal = journal(memory, holder);
        return new Side(
                memory,
                journal,
                BlockPool.attach("texts", journal, memory, POOL, POOL_BYTES, holder));
    }

    /** What the daemon does when it and its workers are dead. */
    static Side recover(final Memory memory) {
        journal(memory, 1);
        journal(memory, 2);
        final Side daemon = attach(memory, 0);
        daemon.pool().reclaim(1);
        daemon.pool().reclaim(2);
        return daemon;
    }

    /** One holder's process. */
    record Side(Memory memory, Journal journal, BlockPool pool) {
        /** Runs a transaction that leaves a mark if it stands. */
        void commit(final int mark, final Runnable work) {
            journal.begin();
            work.run();
            journal.putLong(MARK, mark);
            journal.commit();
        }
    }

    /** Returns which holders a block has, without flags. */
    static long holders(final Memory memory, final int block) {
        final BlockPoolLayout layout = BlockPoolLayout.read("texts", memory, POOL, POOL_BYTES);
        return memory.getLong(POOL + layout.holderWord(block))
                & ~(HolderWord.OWN | HolderWord.LEAVING);
    }
}
