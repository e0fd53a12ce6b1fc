package io.coppice.pool.block;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import io.coppice.pool.Reclaimable;
import io.coppice.pool.StructureFullException;

/**
 * Blocks of one size that the processes of a daemon share. Each block knows who holds it, and each
 * holder has a ledger, so that after a death what the dead held is given back exactly, without
 * looking at the blocks it did not hold.
 *
 * <pre>{@code
 * journal.recover();
 * BlockPool pool = BlockPool.attach("texts", journal, arena, offset, bytes, 1);  // holder 1
 * journal.begin();
 * int block = pool.allocate();
 * JournaledBuffer text = new JournaledBuffer(journal, arena, pool.offset(block), length);
 * ...                             // write into it, and keep its number somewhere in the arena
 * pool.give(block);               // from the commit on the daemon holds it
 * journal.commit();
 * }</pre>
 *
 * <p><b>Holders.</b> Holder 0 is the daemon; what it holds stays held over its deaths, as the
 * structures do that its blocks belong to. What any other holder holds goes back to the pool when
 * the daemon, with the holder's death certified and its journal recovered, calls {@link #reclaim}.
 * A block can have many holders, each of them once. {@link #hold} adds this holder to a block that
 * a message named; {@link #give} moves a block to the daemon, and {@link #take} from it: a block in
 * flight from one worker to another is the daemon's, so that no death loses it.
 *
 * <p><b>Transactions.</b> All of these are for a transaction of the holder's journal and stand or
 * fall with it. A released block is nobody else's before the commit; an allocated one is free again
 * after a rollback, or a return to an earlier savepoint.
 *
 * <p><b>Ordering.</b> Nobody waits for anybody. The truth about a block is its holder word: it is
 * allocated by one compare-and-set from 0 and free again by one to 0. These words and the taken
 * bits are changed by many at once, so the journal does not undo them; the ledger, which has one
 * writer, does. An entry is stored (release) before the word is touched; what becomes of the block
 * is a deferred store of the entry, made by the commit; what the entry then says is done to the
 * word, and the entry cleared last. {@link Ledger#settle} does this after a commit and after a
 * death alike. A taken bit is set only by who has just taken the block, and cleared only after the
 * word was 0, so a death between leaves a bit too few (a needless look) or, with an entry that
 * makes up for it, one too many.
 *
 * <p>For one thread of one process. No method but {@link #attach} and {@link #layOut} allocates.
 */
public final class BlockPool implements Reclaimable {
    /** No block. */
    public static final int NONE = -1;

    /** The holder that is the daemon. */
    public static final int DAEMON = HolderWord.DAEMON;

    private final String name;
    private final Memory pool;
    private final long offset;
    private final BlockPoolLayout layout;
    private final Blocks blocks;
    private final int holder;
    private final Ledger ledger;
    private final OpenEntries open;
    private int searchFrom;

    private BlockPool(
            final String name,
            final Journal journal,
            final Memory pool,
            final long offset,
            final BlockPoolLayout layout,
            final int holder) {
        this.name = name;
        this.pool = pool;
        this.offset = offset;
        this.layout = layout;
        this.blocks = new Blocks(pool, layout);
        this.holder = requireHolder(holder);
        this.ledger = new Ledger(name, pool, layout, blocks, holder);
        ledger.giveBack();
        if (holder == DAEMON) {
            blocks.recount();
        }
        // Holders begin far from each other, so that they seldom want the same word.
        this.searchFrom = (int) ((long) layout.takenWords * holder / layout.holders);
        this.open = new OpenEntries(name, journal, ledger, offset, holder, layout.ledgerEntries);
        journal.addListener(open);
    }

    /**
     * Returns what a pool takes, a multiple of 64.
     *
     * @param blocks how many, from 1
     * @param blockBytes of each, a multiple of 64 up to 2^30
     * @param holders how many processes, the daemon included, 1 to {@link
     *     BlockPoolLayout#HOLDERS_MAX}
     * @param ledgerEntries how many blocks a worker can hold at once, and the daemon allocate,
     *     release or hold in one transaction
     */
    public static long bytes(
            final int blocks, final int blockBytes, final int holders, final int ledgerEntries) {
        return new BlockPoolLayout(blocks, blockBytes, holders, ledgerEntries).bytes;
    }

    /**
     * Makes a pool in zeroed memory and attaches as the daemon; without the journal: a death here
     * starts over from zeroes. For the rest see {@link #bytes}.
     *
     * @param name for messages, and the manifest key of the number of blocks
     */
    public static BlockPool layOut(
            final String name,
            final Journal journal,
            final Memory arena,
            final long offset,
            final int blocks,
            final int blockBytes,
            final int holders,
            final int ledgerEntries) {
        final BlockPoolLayout layout =
                new BlockPoolLayout(blocks, blockBytes, holders, ledgerEntries);
        arena.putLong(offset + BlockPoolLayout.BLOCKS, blocks);
        arena.putLong(offset + BlockPoolLayout.BLOCK_BYTES, blockBytes);
        arena.putLong(offset + BlockPoolLayout.HOLDERS, holders);
        arena.putLong(offset + BlockPoolLayout.LEDGER_ENTRIES, ledgerEntries);
        return attach(name, journal, arena, offset, layout.bytes, DAEMON);
    }

    /**
     * Attaches as a holder. What an earlier incarnation of it was doing is undone or finished; what
     * it held, unless it is the daemon, is given back. The caller knows that incarnation to be
     * dead.
     *
     * @param journal of this holder, recovered
     * @param holder 0 for the daemon; no other living process has the same
     * @throws ArenaException where there is no such pool or holder, or its ledger is damaged
     */
    public static BlockPool attach(
            final String name,
            final Journal journal,
            final Memory arena,
            final long offset,
            final long bytes,
            final int holder) {
        if (!journal.isIdle()) {
            throw new IllegalStateException(name + ": recover() of the journal comes first");
        }
        journal.requireArena(name, arena);
        final BlockPoolLayout layout = BlockPoolLayout.read(name, arena, offset, bytes);
        return new BlockPool(
                name, journal, arena.slice(offset, layout.bytes), offset, layout, holder);
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
        return pool.getLongVolatile(BlockPoolLayout.IN_USE);
    }

    /** Returns the most that were in use at once, about. */
    public long highWater() {
        return pool.getLong(BlockPoolLayout.HIGH_WATER);
    }

    /** Returns where a block begins in the arena. */
    public long offset(final int block) {
        return offset + layout.block(requireBlock(block));
    }

    /** Returns whether this holder holds a block, as far as others may know. */
    public boolean isHeld(final int block) {
        return HolderWord.has(blocks.word(requireBlock(block)), holder);
    }

    /**
     * Returns whether this holder holds a block as the transaction under way will leave it: one
     * that it takes or allocates in it counts, one that it gives or releases does not.
     */
    public boolean willHold(final int block) {
        return open.willHold(block, isHeld(block));
    }

    /**
     * Returns how many more blocks this holder's ledger has room for until the commit. Allocating,
     * holding and taking need a place each, and so does what the daemon releases.
     */
    public int roomInLedger() {
        return open.room();
    }

    /**
     * Allocates a block; what it holds is left from its last use.
     *
     * @throws StructureFullException where none is free, or this holder's ledger is full
     * @throws io.coppice.pool.JournalFullException where the journal is; nothing is allocated
     */
    public int allocate() {
        final int block = tryAllocate();
        if (block == NONE) {
            throw new StructureFullException(name, "blocks", layout.blocks, name);
        }
        return block;
    }

    /** Allocates a block as {@link #allocate} does, or returns {@link #NONE} where none is free. */
    public int tryAllocate() {
        final int entry = open.take();
        while (true) {
            final int block = blocks.find(searchFrom);
            if (block == NONE) {
                ledger.put(entry, LedgerEntry.NONE, 0);
                open.putBack(entry);
                return NONE;
            }
            searchFrom = block / Long.SIZE;
            ledger.put(entry, LedgerEntry.INTENT, block);
            if (blocks.change(
                    block, HolderWord.FREE, HolderWord.claimed(HolderWord.FREE, holder))) {
                blocks.hide(block);
                open.claimed(entry, block);
                return block;
            }
        }
    }

    /**
     * Adds this holder to a block that another holds, and goes on holding while this is done.
     *
     * @throws IllegalStateException where nobody holds it, or this holder does
     */
    public void hold(final int block) {
        open.requireNoEntry(requireBlock(block));
        // Before an entry says INTENT: an own bit of old would look like one set under it.
        requireHoldable(block, blocks.word(block));
        final int entry = open.take();
        ledger.put(entry, LedgerEntry.INTENT, block);
        while (true) {
            final long word = blocks.word(block);
            if (word == HolderWord.FREE || HolderWord.has(word, holder)) {
                ledger.put(entry, LedgerEntry.NONE, 0);
                open.putBack(entry);
                requireHoldable(block, word);
            }
            if (blocks.change(block, word, HolderWord.claimed(word, holder))) {
                open.claimed(entry, block);
                return;
            }
        }
    }

    /**
     * Gives up a block; where this is its last holder it is free from the commit on.
     *
     * @throws IllegalStateException where this holder does not hold it
     */
    public void release(final int block) {
        if (holder == DAEMON) {
            markLeaving(requireBlock(block));
        } else {
            open.release(requireBlock(block));
        }
    }

    /**
     * Moves a block from this holder to the daemon at the commit.
     *
     * @throws IllegalStateException where this holder does not hold it, is the daemon, or the
     *     daemon holds it too
     */
    public void give(final int block) {
        requireBlock(block);
        open.give(block, HolderWord.has(blocks.word(block), DAEMON));
    }

    /**
     * Moves a block from the daemon to this holder at the commit; until then the daemon holds it.
     * Whoever agrees on who takes it, such as a queue, sees to it that nobody else does.
     *
     * @throws IllegalStateException where the daemon does not hold it, or this holder does
     */
    public void take(final int block) {
        open.requireNoEntry(requireBlock(block));
        if (holder == DAEMON || !HolderWord.has(blocks.word(block), DAEMON)) {
            throw new IllegalStateException(
                    describe(block) + ": only a worker takes a block, and only from the daemon");
        }
        open.plan(open.take(), block, LedgerEntry.TAKEN);
    }

    /**
     * Gives back what a dead holder held. Called again, also after a death on the way, it goes on
     * where it was. Takes as long as the holder's ledger is, however many blocks there are.
     *
     * @param deadHolder a worker whose death is certified and whose journal was recovered
     * @throws ArenaException where its ledger is damaged, or the pool has no such holder
     */
    @Override
    public void reclaim(final int deadHolder) {
        if (requireHolder(deadHolder) == DAEMON || deadHolder == holder) {
            throw new IllegalArgumentException(
                    name + ": holder " + deadHolder + " gives back for itself when it attaches");
        }
        new Ledger(name, pool, layout, blocks, deadHolder).giveBack();
    }

    private void markLeaving(final int block) {
        final boolean isOpen = open.requireLeavable(block, isHeld(block));
        final int entry = isOpen ? NONE : open.take();
        if (!isOpen) {
            ledger.put(entry, LedgerEntry.LEAVING, block);
        }
        while (true) {
            final long word = blocks.word(block);
            if (!HolderWord.has(word, DAEMON)) {
                if (!isOpen) {
                    ledger.put(entry, LedgerEntry.NONE, 0);
                    open.putBack(entry);
                }
                throw new IllegalStateException(describe(block) + " was taken by a worker");
            }
            if (blocks.change(block, word, word | HolderWord.LEAVING)) {
                break;
            }
        }
        if (isOpen) {
            open.release(block);
        } else {
            open.plan(entry, block, LedgerEntry.DROPPED);
        }
    }

    private void requireHoldable(final int block, final long word) {
        if (word == HolderWord.FREE) {
            throw new IllegalStateException(
                    describe(block) + " is free: whoever names it must hold it meanwhile");
        }
        if (HolderWord.has(word, holder)) {
            throw new IllegalStateException(describe(block) + " is held by this holder already");
        }
    }

    private int requireBlock(final int block) {
        if (block < 0 || block >= layout.blocks) {
            throw new IndexOutOfBoundsException(
                    describe(block) + " of " + layout.blocks + " blocks");
        }
        return block;
    }

    private int requireHolder(final int number) {
        if (number < 0 || number >= layout.holders) {
            throw new ArenaException(
                    name + ": holder " + number + " of " + layout.holders + " holders");
        }
        return number;
    }

    private String describe(final int block) {
        return name + ": block " + block;
    }
}
