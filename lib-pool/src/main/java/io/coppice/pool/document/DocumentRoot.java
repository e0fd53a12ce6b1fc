package io.coppice.pool.document;

import static io.coppice.pool.document.DocumentLayout.FLAG_LIST;
import static io.coppice.pool.document.DocumentLayout.FLAG_MOVED;
import static io.coppice.pool.document.DocumentLayout.FLAG_RELEASED;
import static io.coppice.pool.document.DocumentLayout.GENERATION;
import static io.coppice.pool.document.DocumentLayout.HEAD_BLOCKS;
import static io.coppice.pool.document.DocumentLayout.HEAD_BYTES;
import static io.coppice.pool.document.DocumentLayout.HEAD_COMPACT_AT;
import static io.coppice.pool.document.DocumentLayout.HEAD_END;
import static io.coppice.pool.document.DocumentLayout.HEAD_FLAGS;
import static io.coppice.pool.document.DocumentLayout.HEAD_FRESH_FROM;
import static io.coppice.pool.document.DocumentLayout.HEAD_PAYLOAD;
import static io.coppice.pool.document.DocumentLayout.HEAD_TAG;
import static io.coppice.pool.document.DocumentLayout.HEAD_TOUCHED_TO;
import static io.coppice.pool.document.DocumentLayout.KIND;
import static io.coppice.pool.document.DocumentLayout.KIND_ROOT;
import static io.coppice.pool.document.DocumentLayout.LISTS;
import static io.coppice.pool.document.DocumentLayout.LIST_COUNT;
import static io.coppice.pool.document.DocumentLayout.MARK;
import static io.coppice.pool.document.DocumentLayout.OWNER;
import static io.coppice.pool.document.DocumentLayout.STATE;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import io.coppice.pool.StructureFullException;
import io.coppice.pool.block.BlockPool;
import io.coppice.pool.block.BlockPoolReader;

/**
 * The root block of a document as its writer changes it: which head holds, which blocks there are,
 * how far they are in use.
 *
 * <p>Ordering. The head that the state says counts, and all that it leads to, is never stored into.
 * The first change of a transaction saves the other head, defers the state that will say that that
 * one counts, copies the first into it, and marks the document with the journal's stamp; later ones
 * store into the marked head alone, which each savepoint saves once more before it is changed. So a
 * death anywhere before the commit leaves the state, and with it the old version whole; recovery
 * puts the other head and the mark back, which nobody looks at. The commit's one deferred store
 * (release) shows the new version at once; a death before it is made good by recovery.
 *
 * <p>Positions behind the end are of no version, so they are stored into without saving, and are
 * named to the journal only for those who ask what changed. A compaction copies what is in use into
 * new blocks, which it enters in a list that neither the committed head nor the marked one has;
 * each place of a list is saved first, since the head of a savepoint may have that list, and
 * longer. The old blocks are let go by the pool after the state is stored, which then has one more
 * in {@code moves}. A block that was let go by a death instead loses its state and its owner
 * (released) before it is stored into.
 */
final class DocumentRoot {
    /** Room is named to the journal in pieces, so that it is not named with every value. */
    private static final int TOUCH_BYTES = 256;

    private static final long GENERATION_MASK = 0xFFFF_FFFFL;

    final DocumentTree tree;
    private final DocumentSpace space;
    private final DocumentCopier copier;
    private final NewBlocks fresh;
    private final DocumentTree oldTree;
    private final DocumentCopier oldCopier;
    private final Journal journal;
    private final Memory arena;
    private final BlockPool pool;
    private final BlockPoolReader blocks;
    private final boolean isDaemon;
    private final String name;
    private final DocumentEditor editor;
    private long reference;
    private long root;
    private long head;

    DocumentRoot(
            final DocumentTree tree,
            final Journal journal,
            final BlockPool pool,
            final BlockPoolReader blocks,
            final boolean isDaemon) {
        this.tree = tree;
        this.space = tree.space;
        this.copier = new DocumentCopier(tree);
        this.fresh = new NewBlocks(journal, pool);
        this.oldTree = new DocumentTree(new DocumentSpace(space.name, space.arena, blocks));
        this.oldCopier = new DocumentCopier(oldTree);
        this.journal = journal;
        this.arena = space.arena;
        this.name = space.name;
        this.pool = pool;
        this.blocks = blocks;
        this.isDaemon = isDaemon;
        this.editor = new DocumentEditor(tree, this);
    }

    DocumentEditor editor() {
        return editor;
    }

    long reference() {
        return reference;
    }

    /** Makes a document that is an empty table. */
    long create() {
        journal.stamp();
        final int block = pool.allocate();
        root = space.rootOffset(block);
        fresh.prepare(space, block);
        journal.touch(root, LISTS);
        final long last = arena.getLong(root + GENERATION) & GENERATION_MASK;
        final long generation = last == GENERATION_MASK ? 1 : last + 1;
        reference = DocumentLayout.reference(generation, block);
        arena.putLong(root + GENERATION, generation);
        arena.putLong(root + KIND, KIND_ROOT);
        arena.putLong(root + MARK, 0);
        final long state = arena.getLong(root + STATE);
        head = root + DocumentLayout.head(state, true);
        arena.putLong(head + HEAD_TAG, DocumentEditor.nodeTag(true));
        arena.putLong(head + HEAD_PAYLOAD, DocumentTree.NO_NODE);
        arena.putLong(head + HEAD_END, 0);
        arena.putLong(head + HEAD_BLOCKS, 0);
        arena.putLong(head + HEAD_FRESH_FROM, 0);
        arena.putLong(head + HEAD_TOUCHED_TO, 0);
        arena.putLong(head + HEAD_COMPACT_AT, space.body);
        arena.putLong(head + HEAD_FLAGS, 0);
        arena.putLong(root + OWNER, reference);
        journal.deferLong(root + STATE, DocumentLayout.next(state, true, false));
        journal.putLong(root + MARK, journal.stamp());
        return reference;
    }

    /** Names the document that the other methods are about. */
    void open(final long ofReference) {
        final int block = DocumentLayout.block(ofReference);
        if (block < 0 || block >= space.poolBlocks || DocumentLayout.generation(ofReference) == 0) {
            throw new IllegalArgumentException(
                    name + ": 0x" + Long.toHexString(ofReference) + " is no reference");
        }
        reference = ofReference;
        root = space.rootOffset(block);
        show();
    }

    /** Shows the version that the transaction under way has made, or the committed one. */
    void show() {
        if (reference == 0) {
            throw new IllegalStateException(name + ": no document is open");
        }
        final long state = arena.getLongAcquire(root + STATE);
        final boolean known =
                arena.getLong(root + GENERATION) == DocumentLayout.generation(reference)
                        && arena.getLong(root + KIND) == KIND_ROOT
                        && arena.getLong(root + OWNER) == reference
                        && blocks.holders(DocumentLayout.block(reference)) != 0;
        final boolean own = known && journal.isOwn(arena.getLong(root + MARK));
        head = root + DocumentLayout.head(state, own);
        final long flags = arena.getLong(head + HEAD_FLAGS);
        if (!known || !(own ? (flags & FLAG_RELEASED) == 0 : DocumentLayout.isLive(state))) {
            throw new ArenaException(describe() + " is no more: its reference is stale");
        }
        space.wrap(
                reference,
                root,
                flags & FLAG_LIST,
                arena.getLong(head + HEAD_BLOCKS),
                arena.getLong(head + HEAD_END));
        tree.wrap(arena.getLong(head + HEAD_TAG), arena.getLong(head + HEAD_PAYLOAD));
    }

    /** Makes the head that may be stored into, where this is the first change since a savepoint. */
    void begin() {
        final long stamp = journal.stamp();
        show();
        requireHeld();
        final long mark = arena.getLong(root + MARK);
        if (mark == stamp) {
            return;
        }
        final boolean own = journal.isOwn(mark);
        final long state = arena.getLong(root + STATE);
        final long committed = head;
        final long working = root + DocumentLayout.head(state, true);
        journal.save(working, HEAD_BYTES);
        if (!own) {
            journal.deferLong(root + STATE, DocumentLayout.next(state, true, false));
            arena.putBytes(working, arena, committed, HEAD_BYTES);
            arena.putLong(working + HEAD_FLAGS, arena.getLong(committed + HEAD_FLAGS) & FLAG_LIST);
        }
        arena.putLong(working + HEAD_FRESH_FROM, space.end());
        arena.putLong(working + HEAD_TOUCHED_TO, space.end());
        journal.putLong(root + MARK, stamp);
        show();
    }

    /** Returns whether what is at a position was written since the last savepoint. */
    boolean isFresh(final int position) {
        return position >= arena.getLong(head + HEAD_FRESH_FROM);
    }

    void setValue(final long tag, final long payload) {
        arena.putLong(head + HEAD_TAG, tag);
        arena.putLong(head + HEAD_PAYLOAD, payload);
        tree.wrap(tag, payload);
    }

    int append(final long bytes) {
        final int position = space.end();
        setEnd(position + (int) bytes);
        int touched = (int) arena.getLong(head + HEAD_TOUCHED_TO);
        while (touched < space.end()) {
            final int wanted = Math.max(TOUCH_BYTES, space.end() - touched);
            final int piece = Math.min(wanted, space.run(touched));
            journal.touch(space.at(touched), piece);
            touched += piece;
            arena.putLong(head + HEAD_TOUCHED_TO, touched);
        }
        return position;
    }

    /** Gives room back that was taken and that nothing leads to. */
    void setEnd(final int end) {
        arena.putLong(head + HEAD_END, end);
        space.extend(space.blocks(), end);
    }

    /**
     * Sees to it that so many bytes can be appended.
     *
     * @return whether all positions have changed
     * @throws StructureFullException where that cannot be; the document is unchanged
     */
    boolean makeRoom(final long bytes, final boolean mayCompact) {
        final long end = space.end() + bytes;
        if (end <= (long) space.blocks() * space.body) {
            return false;
        }
        final long wanted = (end + space.body - 1) / space.body;
        final boolean tooLarge = wanted > space.listEntries;
        if (mayCompact && (tooLarge || space.end() >= arena.getLong(head + HEAD_COMPACT_AT))) {
            final long live = measure();
            if (tooLarge ? live < space.end() : 2 * live <= space.end()) {
                final int blocksAfter = (int) ((live + bytes + space.body - 1) / space.body);
                if (tooLarge && blocksAfter <= space.listEntries) {
                    // Nothing but a compaction helps, so what it lacks is what is full.
                    requireLedger(entriesToCompact(blocksAfter));
                }
                if (compact(live, blocksAfter)) {
                    return true;
                }
                if (tooLarge && blocksAfter <= space.listEntries) {
                    throw poolFull();
                }
            } else if (!tooLarge) {
                arena.putLong(head + HEAD_COMPACT_AT, 2L * space.end());
            }
        }
        if (tooLarge) {
            throw full();
        }
        grow((int) wanted);
        return false;
    }

    /** Compacts now where that is worth while, for a change whose size is not known before. */
    void compactIfWorthwhile() {
        if (space.end() >= arena.getLong(head + HEAD_COMPACT_AT)) {
            final long live = measure();
            if (2 * live <= space.end()) {
                compact(live, (int) ((live + space.body - 1) / space.body));
            } else {
                arena.putLong(head + HEAD_COMPACT_AT, 2L * space.end());
            }
        }
    }

    StructureFullException full() {
        return new StructureFullException(
                describe(), "blocks of values", space.listEntries, name + ".blockBytes");
    }

    private StructureFullException poolFull() {
        return new StructureFullException(name, "blocks", space.poolBlocks, name);
    }

    private int entriesToCompact(final int blocksAfter) {
        return blocksAfter + (isDaemon ? space.blocks() : 0);
    }

    private long measure() {
        return copier.measure(
                arena.getLong(head + HEAD_TAG), arena.getLong(head + HEAD_PAYLOAD), 0);
    }

    private void grow(final int wanted) {
        final int before = space.blocks();
        requireLedger(wanted - before);
        if (!fresh.enter(space, before, wanted)) {
            throw poolFull();
        }
        arena.putLong(head + HEAD_BLOCKS, wanted);
        space.extend(wanted, space.end());
    }

    private boolean compact(final long live, final int wanted) {
        final int old = space.blocks();
        if (wanted > space.listEntries || pool.roomInLedger() < entriesToCompact(wanted)) {
            return false;
        }
        final long state = arena.getLong(root + STATE);
        final long committed = arena.getLong(root + DocumentLayout.head(state, false) + HEAD_FLAGS);
        final long list = freeList(committed & FLAG_LIST, flags() & FLAG_LIST);
        final long tag = arena.getLong(head + HEAD_TAG);
        final long payload = arena.getLong(head + HEAD_PAYLOAD);
        final DocumentSpace from = oldTree.space;
        from.wrap(reference, root, flags() & FLAG_LIST, old, space.end());
        space.wrap(reference, root, list, 0, 0);
        if (!fresh.enter(space, 0, wanted)) {
            show();
            return false;
        }
        for (int index = 0; index < old; index++) {
            pool.release(from.block(index));
        }
        space.extend(wanted, 0);
        arena.putLong(head + HEAD_BLOCKS, wanted);
        arena.putLong(head + HEAD_END, 0);
        arena.putLong(head + HEAD_FRESH_FROM, 0);
        arena.putLong(head + HEAD_TOUCHED_TO, 0);
        arena.putLong(head + HEAD_COMPACT_AT, Math.max(space.body, 2 * live));
        arena.putLong(head + HEAD_FLAGS, list | FLAG_MOVED);
        journal.deferLong(root + STATE, DocumentLayout.next(state, true, true));
        setValue(tag, oldCopier.copy(editor, tag, payload, 0));
        return true;
    }

    private static long freeList(final long one, final long other) {
        for (long list = 0; list < LIST_COUNT; list++) {
            if (list != one && list != other) {
                return list;
            }
        }
        throw new AssertionError("there is a list more than heads");
    }

    /** Gives all blocks up. */
    void release() {
        begin();
        requireLedger(isDaemon ? space.blocks() + 1 : 0);
        final long state = arena.getLong(root + STATE);
        for (int index = 0; index < space.blocks(); index++) {
            pool.release(space.block(index));
        }
        pool.release(DocumentLayout.block(reference));
        arena.putLong(head + HEAD_FLAGS, flags() | FLAG_RELEASED);
        journal.deferLong(root + STATE, DocumentLayout.next(state, false, true));
    }

    /** Moves all blocks to the daemon. */
    void give() {
        journal.stamp();
        show();
        requireHeld();
        if (isDaemon) {
            throw new IllegalStateException(describe() + ": the daemon gives to nobody");
        }
        for (int index = 0; index < space.blocks(); index++) {
            pool.give(space.block(index));
        }
        pool.give(DocumentLayout.block(reference));
    }

    /** Moves all blocks here from the daemon. */
    void take() {
        journal.stamp();
        show();
        requireLedger(space.blocks() + 1);
        pool.take(DocumentLayout.block(reference));
        for (int index = 0; index < space.blocks(); index++) {
            pool.take(space.block(index));
        }
    }

    private void requireLedger(final int entries) {
        if (pool.roomInLedger() < entries) {
            throw new StructureFullException(
                    describe() + ", ledger", "free entries", pool.roomInLedger(), name + ".ledger");
        }
    }

    private void requireHeld() {
        if (!pool.willHold(DocumentLayout.block(reference))) {
            throw new IllegalStateException(
                    describe() + " is not held by this process: take it first");
        }
    }

    private long flags() {
        return arena.getLong(head + HEAD_FLAGS);
    }

    String describe() {
        return name + ": document 0x" + Long.toHexString(reference);
    }
}
