package io.coppice.pool.document;

import static io.coppice.pool.document.DocumentLayout.ENTRY_BYTES;
import static io.coppice.pool.document.DocumentLayout.FLAG_LIST;
import static io.coppice.pool.document.DocumentLayout.GENERATION;
import static io.coppice.pool.document.DocumentLayout.HEAD_BLOCKS;
import static io.coppice.pool.document.DocumentLayout.HEAD_END;
import static io.coppice.pool.document.DocumentLayout.HEAD_FLAGS;
import static io.coppice.pool.document.DocumentLayout.HEAD_PAYLOAD;
import static io.coppice.pool.document.DocumentLayout.HEAD_TAG;
import static io.coppice.pool.document.DocumentLayout.KIND;
import static io.coppice.pool.document.DocumentLayout.KIND_DATA;
import static io.coppice.pool.document.DocumentLayout.KIND_ROOT;
import static io.coppice.pool.document.DocumentLayout.NODE_HEAD_BYTES;
import static io.coppice.pool.document.DocumentLayout.OWNER;
import static io.coppice.pool.document.DocumentLayout.STATE;
import static io.coppice.pool.document.DocumentLayout.VALUE_PAYLOAD;
import static io.coppice.pool.document.DocumentLayout.align;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;
import io.coppice.pool.block.BlockPoolReader;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Checks the committed version of every document of a pool: that its blocks are its own and have
 * its holders, that its values lie in it and no two overlap, so that no value is in itself, that
 * keys are found, and that texts are text. Reads only, trusts nothing, never throws for what it
 * finds, and ends whatever it finds; for any process that maps the arena, while every journal is
 * recovered and nobody changes the pool. That no block is lost is {@link
 * io.coppice.pool.block.BlockPoolInvariants}' to say. Allocates.
 */
public final class DocumentInvariants {
    /** What is wrong more often than this is not told more often. */
    private static final int WRONG_MOST = 1000;

    private final Memory arena;
    private final BlockPoolReader pool;
    private final DocumentSpace space;
    private final DocumentTree tree;
    private final List<String> wrong = new ArrayList<>();
    private final int[] documentOf;
    private BitSet used = new BitSet();
    private long root;

    private DocumentInvariants(final Memory arena, final BlockPoolReader pool) {
        this.arena = arena;
        this.pool = pool;
        this.space = new DocumentSpace("documents", arena, pool);
        this.tree = new DocumentTree(space);
        this.documentOf = new int[pool.capacity()];
    }

    /** Returns what is wrong, one line each with its offset; nothing where the pool is sound. */
    public static List<String> check(final Memory arena, final long offset, final long bytes) {
        final BlockPoolReader pool;
        try {
            pool = BlockPoolReader.attach("documents", arena, offset, bytes);
        } catch (final ArenaException damaged) {
            return List.of(damaged.getMessage() + ", at offset " + offset);
        }
        if (pool.blockBytes() < DocumentLayout.BLOCK_BYTES_MIN) {
            return List.of(
                    "documents in blocks of " + pool.blockBytes() + " bytes, at offset " + offset);
        }
        final DocumentInvariants invariants = new DocumentInvariants(arena, pool);
        for (int block = 0; block < pool.capacity(); block++) {
            invariants.checkBlock(block);
        }
        invariants.checkLeaks();
        return invariants.wrong;
    }

    private void checkBlock(final int block) {
        root = space.rootOffset(block);
        final long state = arena.getLongAcquire(root + STATE);
        if (pool.holders(block) == 0 || !DocumentLayout.isLive(state)) {
            return;
        }
        final long generation = arena.getLong(root + GENERATION);
        final long reference = DocumentLayout.reference(generation, block);
        if (generation <= 0
                || generation >>> Integer.SIZE != 0
                || arena.getLong(root + KIND) != KIND_ROOT
                || arena.getLong(root + OWNER) != reference) {
            report(root, "is live and no root block");
            return;
        }
        claim(block, block, "is its root block");
        final long head = root + DocumentLayout.head(state, false);
        try {
            space.wrap(
                    reference,
                    root,
                    arena.getLong(head + HEAD_FLAGS) & FLAG_LIST,
                    arena.getLong(head + HEAD_BLOCKS),
                    arena.getLong(head + HEAD_END));
            final boolean whole = checkBlocks(block, reference);
            if (whole) {
                used = new BitSet();
                checkValue(arena.getLong(head + HEAD_TAG), arena.getLong(head + HEAD_PAYLOAD), 0);
            }
        } catch (final ArenaException damaged) {
            report(head, damaged.getMessage());
        }
    }

    private boolean checkBlocks(final int rootBlock, final long reference) {
        boolean whole = true;
        for (int index = 0; index < space.blocks(); index++) {
            final int block = space.block(index);
            final long at = space.rootOffset(block);
            whole &= claim(block, rootBlock, "is its block " + index);
            if (arena.getLong(at + KIND) != ((long) index << Integer.SIZE | KIND_DATA)
                    || arena.getLong(at + OWNER) != reference) {
                whole = report(at, "is not its block " + index);
            }
            if (pool.holders(block) != pool.holders(rootBlock)) {
                report(at, "block " + index + " has other holders than the root block");
            }
        }
        return whole;
    }

    private boolean claim(final int block, final int rootBlock, final String what) {
        if (documentOf[block] != 0) {
            return report(
                    space.rootOffset(block),
                    what + " and that of the document of block " + (documentOf[block] - 1));
        }
        documentOf[block] = rootBlock + 1;
        return true;
    }

    /** A block that somebody holds and no document has is lost. */
    private void checkLeaks() {
        for (int block = 0; block < documentOf.length; block++) {
            if (documentOf[block] == 0 && pool.holders(block) != 0) {
                root = space.rootOffset(block);
                report(root, "is held and is no document's");
            }
        }
    }

    private void checkValue(final long tag, final long payload, final int depth) {
        if (wrong.size() > WRONG_MOST) {
            return;
        }
        try {
            switch (tree.type(tag)) {
                case TEXT -> checkText(payload, DocumentLayout.length(tag));
                case BYTES -> take(payload, DocumentLayout.length(tag), "bytes");
                case ARRAY -> checkNode(false, payload, depth);
                case TABLE -> checkNode(true, payload, depth);
                case BOOLEAN -> {
                    if (payload != 0 && payload != 1) {
                        report(root, "has a boolean " + payload);
                    }
                }
                default -> {
                    // Every payload is a number, and a null has none.
                }
            }
        } catch (final ArenaException damaged) {
            report(root, damaged.getMessage());
        }
    }

    private void checkNode(final boolean isTable, final long payload, final int depth) {
        final int node = tree.node(payload);
        final long head = tree.nodeHead(isTable, node);
        if (node == DocumentTree.NO_NODE) {
            return;
        }
        if (depth >= DocumentLayout.DEPTH_MAX) {
            report(root, "position " + node + " is nested too deep");
            return;
        }
        final int capacity = DocumentLayout.capacity(head);
        if (!take(node, DocumentLayout.nodeBytes(isTable, capacity), "an array or table")) {
            return;
        }
        for (int entry = 0; entry < DocumentLayout.size(head); entry++) {
            if (isTable) {
                checkKey(node, entry);
            }
            final int at = node + DocumentLayout.value(isTable, entry);
            checkValue(space.getLong(at), space.getLong(at + VALUE_PAYLOAD), depth + 1);
        }
    }

    private void checkKey(final int node, final int entry) {
        final int key = tree.key(node, entry);
        final int length = tree.keyLength(node, entry);
        final byte[] bytes = new byte[length];
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        space.copyOut(key, buffer, 0, length);
        take(key, length, "a key");
        final long word = space.getLong(node + NODE_HEAD_BYTES + entry * ENTRY_BYTES);
        if (word != DocumentPath.word(bytes, length) || Utf8.firstWrong(buffer, 0, length) >= 0) {
            report(root, "the key at position " + key + " is damaged");
        } else if (tree.findKey(node, buffer, word) != entry) {
            report(root, "the key at position " + key + " is not found, or is there twice");
        }
    }

    private void checkText(final long position, final int length) {
        if (take(position, length, "a text")) {
            final UnsafeBuffer bytes = new UnsafeBuffer(new byte[length]);
            space.copyOut((int) position, bytes, 0, length);
            if (Utf8.firstWrong(bytes, 0, length) >= 0) {
                report(root, "the text at position " + position + " is not UTF-8");
            }
        }
    }

    /** Enters a range that must be nobody else's. */
    private boolean take(final long position, final long length, final String what) {
        space.require(position, length);
        final int from = (int) position / Long.BYTES;
        final int to = (int) ((position + align(length)) / Long.BYTES);
        final int next = used.nextSetBit(from);
        if (next >= 0 && next < to) {
            return report(root, "position " + position + ", " + what + ", is in use twice");
        }
        used.set(from, to);
        return true;
    }

    private boolean report(final long offset, final String what) {
        if (wrong.size() <= WRONG_MOST) {
            final long block = (root - space.blocksOffset) / space.blockBytes;
            wrong.add("document of block " + block + ": " + what + ", at offset " + offset);
        }
        return false;
    }
}
