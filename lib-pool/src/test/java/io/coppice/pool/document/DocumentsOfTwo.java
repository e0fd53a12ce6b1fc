package io.coppice.pool.document;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import io.coppice.pool.block.BlockPoolInvariants;
import io.coppice.pool.block.BlockPoolReader;
import java.util.List;

/** A small pool of documents with a daemon and a worker, as each of their processes sees it. */
final class DocumentsOfTwo {
    static final String NAME = "orders";
    static final int HOLDERS = 2;

    /** Two words for the tests: a mark, and a reference. */
    final int markAt;

    final int referenceAt;
    final int journalBytes;
    final int poolAt;
    final long poolBytes;
    final int blocks;
    final int blockBytes;
    final int ledger;

    DocumentsOfTwo(
            final int journalBytes, final int blocks, final int blockBytes, final int ledger) {
        this.journalBytes = journalBytes;
        this.markAt = HOLDERS * journalBytes;
        this.referenceAt = markAt + 8;
        this.poolAt = markAt + 64;
        this.blocks = blocks;
        this.blockBytes = blockBytes;
        this.ledger = ledger;
        this.poolBytes = DocumentPool.bytes(blocks, blockBytes, HOLDERS, ledger);
    }

    long bytes() {
        return poolAt + poolBytes;
    }

    Journal journal(final Memory memory, final int holder) {
        final Journal journal =
                new Journal(memory, (long) holder * journalBytes, journalBytes, holder);
        journal.recover();
        return journal;
    }

    void layOut(final Memory memory) {
        DocumentPool.layOut(
                NAME, journal(memory, 0), memory, poolAt, blocks, blockBytes, HOLDERS, ledger);
    }

    /** A process that has just started. */
    Side attach(final Memory memory, final int holder) {
        final Journal journal = journal(memory, holder);
        return new Side(
                memory,
                journal,
                DocumentPool.attach(NAME, journal, memory, poolAt, poolBytes, holder));
    }

    /** What the daemon does when it and its worker are dead. */
    Side recover(final Memory memory) {
        journal(memory, 1);
        final Side daemon = attach(memory, 0);
        daemon.pool().reclaim(1);
        return daemon;
    }

    DocumentReader reader(final Memory memory) {
        return DocumentReader.attach(NAME, memory, poolAt, poolBytes);
    }

    BlockPoolReader places(final Memory memory) {
        return BlockPoolReader.attach(NAME, memory, poolAt, poolBytes);
    }

    /** Checks the blocks and the documents; for when nobody is in the middle of anything. */
    void assertSound(final Memory memory, final String where) {
        assertEquals(List.of(), BlockPoolInvariants.check(memory, poolAt, poolBytes), where);
        assertEquals(List.of(), DocumentInvariants.check(memory, poolAt, poolBytes), where);
    }

    /** Returns how many blocks a holder has; every block must have one holder at most. */
    int held(final Memory memory, final int holder, final String where) {
        final BlockPoolReader places = places(memory);
        int held = 0;
        for (int block = 0; block < blocks; block++) {
            final long holders = places.holders(block);
            assertEquals(true, Long.bitCount(holders) <= 1, where + ": holders " + holders);
            held += (int) (holders >>> holder & 1);
        }
        return held;
    }

    /** One holder's process. */
    record Side(Memory memory, Journal journal, DocumentPool pool) {
        void commit(final Runnable work) {
            journal.begin();
            work.run();
            journal.commit();
        }
    }
}
