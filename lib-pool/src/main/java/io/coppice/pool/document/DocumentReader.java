package io.coppice.pool.document;

import static io.coppice.pool.document.DocumentLayout.FLAG_LIST;
import static io.coppice.pool.document.DocumentLayout.GENERATION;
import static io.coppice.pool.document.DocumentLayout.HEAD_BLOCKS;
import static io.coppice.pool.document.DocumentLayout.HEAD_END;
import static io.coppice.pool.document.DocumentLayout.HEAD_FLAGS;
import static io.coppice.pool.document.DocumentLayout.HEAD_PAYLOAD;
import static io.coppice.pool.document.DocumentLayout.HEAD_TAG;
import static io.coppice.pool.document.DocumentLayout.KIND;
import static io.coppice.pool.document.DocumentLayout.KIND_ROOT;
import static io.coppice.pool.document.DocumentLayout.STATE;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;
import io.coppice.pool.block.BlockPoolReader;
import java.lang.invoke.VarHandle;

/**
 * A document as every process that maps the arena reads it, also over a read-only mapping, without
 * a lock: what some commit left, never anything of a transaction under way, never half of one that
 * its writer's death cut. Each call reads the last commit; {@link #read} has many calls read one.
 *
 * <p>Ordering. The reader loads the state (acquire), copies the head that counts, and loads the
 * state again: the head is stored into only after a later state was, so while both agree it is
 * whole. What it leads to is never stored into as long as its blocks are the document's: commits
 * only add. So a reader may go on with its version however many commits follow, until a compaction
 * lets blocks go, which the state counts in {@code moves}, or the document is released, which it
 * also does. Where the holder died instead, the root block has no holder any more, and before any
 * other block is used for something else its owner is overwritten. All three are looked at after
 * what was read, and where one has changed it is read again.
 *
 * <p>For one thread. Nothing but {@link #attach}, text and JSON allocates.
 */
public final class DocumentReader extends DocumentValues {
    /** A writer that is faster than this reader so often in a row is not real. */
    private static final int TRIES = 1_000_000;

    /** Blocks that are lost so often without a commit do not come back. */
    private static final int LOST_MOST = 1000;

    private final DocumentSpace space;
    private final Memory arena;
    private final BlockPoolReader blocks;
    private final Overtaken overtaken = new Overtaken();
    private long reference;
    private long root;
    private long state;
    private boolean pinned;
    private int tries;
    private int lost;

    /** What {@link DocumentReader#read} runs. */
    @FunctionalInterface
    public interface Reading {
        /** Reads; may be run again from its beginning, so it begins by forgetting what it read. */
        void run(DocumentReader document);
    }

    /** Thrown out of a reading whose version is not there any more. */
    private static final class Overtaken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Overtaken() {
            super("the version that was read is no more: let this pass", null, false, false);
        }
    }

    private DocumentReader(final DocumentSpace space, final BlockPoolReader blocks) {
        super(new DocumentTree(space));
        this.space = space;
        this.arena = space.arena;
        this.blocks = blocks;
    }

    /**
     * Finds a pool.
     *
     * @param name for errors
     * @param arena mapped for reading or for writing
     * @param offset of the pool in the arena, a multiple of 64
     * @param bytes that the pool has
     * @throws ArenaException where what is there is no pool of that size for documents
     */
    public static DocumentReader attach(
            final String name, final Memory arena, final long offset, final long bytes) {
        final BlockPoolReader blocks = BlockPoolReader.attach(name, arena, offset, bytes);
        if (blocks.blockBytes() < DocumentLayout.BLOCK_BYTES_MIN) {
            throw new ArenaException(
                    name + ": blocks of " + blocks.blockBytes() + " bytes at offset " + offset);
        }
        return new DocumentReader(new DocumentSpace(name, arena, blocks), blocks);
    }

    /**
     * Opens a document.
     *
     * @throws ArenaException where there is none, or not any more
     * @throws IllegalArgumentException where this cannot be a reference
     */
    public DocumentReader open(final long ofReference) {
        final int block = DocumentLayout.block(ofReference);
        if (block < 0 || block >= space.poolBlocks || DocumentLayout.generation(ofReference) == 0) {
            throw new IllegalArgumentException(
                    space.name + ": 0x" + Long.toHexString(ofReference) + " is no reference");
        }
        if (pinned) {
            throw new IllegalStateException(space.name + ": a reading is under way");
        }
        reference = ofReference;
        root = space.rootOffset(block);
        enter();
        return this;
    }

    /** Returns how many blocks the pool has, so how many documents at most. */
    public int capacity() {
        return space.poolBlocks;
    }

    /**
     * Returns the reference of the document that begins in a block, or 0; for those who look for
     * all. What it returns was so when it looked.
     *
     * @param block from 0, below {@link #capacity}
     */
    public long referenceAt(final int block) {
        final long at = space.rootOffset(block);
        final boolean isRoot =
                DocumentLayout.isLive(arena.getLongAcquire(at + STATE))
                        && blocks.holders(block) != 0
                        && arena.getLong(at + KIND) == KIND_ROOT;
        return isRoot ? DocumentLayout.reference(arena.getLong(at + GENERATION), block) : 0;
    }

    @Override
    public long reference() {
        return reference;
    }

    /**
     * Has all calls of a reading answer from one version. Where that version is overtaken by a
     * compaction on the way, the reading is run again.
     */
    public void read(final Reading reading) {
        if (pinned) {
            throw new IllegalStateException(space.name + ": a reading is under way");
        }
        while (true) {
            enter();
            pinned = true;
            try {
                reading.run(this);
                return;
            } catch (final Overtaken again) {
                if (again != overtaken) {
                    throw again;
                }
            } finally {
                pinned = false;
            }
        }
    }

    @Override
    void enter() {
        if (pinned) {
            return;
        }
        if (reference == 0) {
            throw new IllegalStateException(space.name + ": no document is open");
        }
        for (tries = 0; tries < TRIES; tries++) {
            state = arena.getLongAcquire(root + STATE);
            final long head = root + DocumentLayout.head(state, false);
            final long generation = arena.getLong(root + GENERATION);
            final long tag = arena.getLong(head + HEAD_TAG);
            final long payload = arena.getLong(head + HEAD_PAYLOAD);
            final long list = arena.getLong(head + HEAD_FLAGS) & FLAG_LIST;
            final long blockCount = arena.getLong(head + HEAD_BLOCKS);
            final long end = arena.getLong(head + HEAD_END);
            // The words must have been loaded before the state is looked at again.
            VarHandle.loadLoadFence();
            if (arena.getLong(root + STATE) == state) {
                if (!DocumentLayout.isLive(state)
                        || generation != DocumentLayout.generation(reference)
                        || blocks.holders(DocumentLayout.block(reference)) == 0) {
                    throw new ArenaException(
                            space.name
                                    + ": document 0x"
                                    + Long.toHexString(reference)
                                    + " is no more: its reference is stale");
                }
                space.wrap(reference, root, list, blockCount, end);
                tree.wrap(tag, payload);
                return;
            }
            Thread.onSpinWait();
        }
        throw new ArenaException(space.name + ": changed " + TRIES + " times while it was opened");
    }

    @Override
    boolean leave() {
        // What was read must have been loaded before it is looked whether it was still there.
        VarHandle.loadLoadFence();
        final boolean whole =
                space.isWhole()
                        && blocks.holders(DocumentLayout.block(reference)) != 0
                        && DocumentLayout.moves(arena.getLongAcquire(root + STATE))
                                == DocumentLayout.moves(state);
        if (whole) {
            lost = 0;
            return true;
        }
        if (++lost > LOST_MOST && arena.getLongAcquire(root + STATE) == state) {
            lost = 0;
            throw new ArenaException(
                    space.name
                            + ": document 0x"
                            + Long.toHexString(reference)
                            + ": its blocks are not its own: its holder died and its blocks are"
                            + " being given back, or it is damaged");
        }
        if (pinned) {
            throw overtaken;
        }
        return false;
    }
}
