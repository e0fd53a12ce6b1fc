package io.coppice.pool.tree;

import static io.coppice.pool.tree.SortedTableLayout.ALIGNMENT;
import static io.coppice.pool.tree.SortedTableLayout.CAPACITY;
import static io.coppice.pool.tree.SortedTableLayout.CAPACITY_LIMIT;
import static io.coppice.pool.tree.SortedTableLayout.DEPTH;
import static io.coppice.pool.tree.SortedTableLayout.DEPTH_LIMIT;
import static io.coppice.pool.tree.SortedTableLayout.KEY_BYTES_LIMIT;
import static io.coppice.pool.tree.SortedTableLayout.KEY_BYTES_MAX;
import static io.coppice.pool.tree.SortedTableLayout.NODES;
import static io.coppice.pool.tree.SortedTableLayout.NODE_BYTES;
import static io.coppice.pool.tree.SortedTableLayout.NODE_BYTES_LIMIT;
import static io.coppice.pool.tree.SortedTableLayout.NODE_COUNT;
import static io.coppice.pool.tree.SortedTableLayout.NODE_ENTRIES;
import static io.coppice.pool.tree.SortedTableLayout.NODE_ENTRIES_MIN;
import static io.coppice.pool.tree.SortedTableLayout.NODE_HEAD_BYTES;
import static io.coppice.pool.tree.SortedTableLayout.NODE_LEVEL;
import static io.coppice.pool.tree.SortedTableLayout.NODE_NEXT;
import static io.coppice.pool.tree.SortedTableLayout.NODE_PREVIOUS;
import static io.coppice.pool.tree.SortedTableLayout.ROOT;
import static io.coppice.pool.tree.SortedTableLayout.VALUE_BYTES;
import static io.coppice.pool.tree.SortedTableLayout.VALUE_BYTES_LIMIT;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;

/**
 * The nodes of a sorted table as anybody reads them: whatever the bytes are, a walk stays inside
 * the table and ends. Node numbers that are handed in are trusted; those that are read are not.
 */
final class TreeNodes {
    final String name;
    final Memory arena;
    final long offset;
    final int keyBytesMax;
    final int keySlotBytes;
    final int valueBytes;
    final long capacity;
    final long nodeCount;
    final int leafEntries;
    final int innerEntries;
    private final int nodeBytes;
    private final int leafEntryBytes;
    private final int innerEntryBytes;

    private TreeNodes(final String name, final Memory arena, final long offset) {
        this.name = name;
        this.arena = arena;
        this.offset = offset;
        this.keyBytesMax = (int) arena.getLong(offset + KEY_BYTES_MAX);
        this.valueBytes = (int) arena.getLong(offset + VALUE_BYTES);
        this.capacity = arena.getLong(offset + CAPACITY);
        this.nodeBytes = (int) arena.getLong(offset + NODE_BYTES);
        this.nodeCount = arena.getLong(offset + NODE_COUNT);
        this.keySlotBytes = SortedTableLayout.keySlotBytes(keyBytesMax);
        this.leafEntryBytes = SortedTableLayout.leafEntryBytes(keyBytesMax, valueBytes);
        this.innerEntryBytes = SortedTableLayout.innerEntryBytes(keyBytesMax);
        this.leafEntries = SortedTableLayout.entries(nodeBytes, leafEntryBytes);
        this.innerEntries = SortedTableLayout.entries(nodeBytes, innerEntryBytes);
    }

    /**
     * Attaches to a table.
     *
     * @throws ArenaException where the geometry words cannot be right
     */
    static TreeNodes attach(
            final String name, final Memory arena, final long offset, final long bytes) {
        final String wrong = damage(arena, offset, bytes);
        if (wrong != null) {
            throw new ArenaException(name + ": " + wrong);
        }
        return new TreeNodes(name, arena, offset);
    }

    /** Returns what is wrong with the geometry words, or null. */
    static String damage(final Memory arena, final long offset, final long bytes) {
        if (offset < 0 || offset % ALIGNMENT != 0 || bytes < NODES) {
            return "a sorted table of " + bytes + " bytes at offset " + offset;
        }
        if (offset > arena.bytes() - bytes) {
            return "ends at " + (offset + bytes) + " of " + arena.bytes() + " bytes";
        }
        final long keyMax = arena.getLong(offset + KEY_BYTES_MAX);
        final long value = arena.getLong(offset + VALUE_BYTES);
        final long records = arena.getLong(offset + CAPACITY);
        final long node = arena.getLong(offset + NODE_BYTES);
        if (outside(keyMax, 0, KEY_BYTES_LIMIT) || outside(value, 0, VALUE_BYTES_LIMIT)) {
            return "keys of " + keyMax + " bytes with values of " + value;
        }
        if (outside(records, 1, CAPACITY_LIMIT)) {
            return "a capacity of " + records + " records";
        }
        if (outside(node, ALIGNMENT, NODE_BYTES_LIMIT) || node % ALIGNMENT != 0) {
            return "nodes of " + node + " bytes";
        }
        if (entriesMin((int) keyMax, (int) value, (int) node) < NODE_ENTRIES_MIN) {
            return "nodes of " + node + " bytes are too small for its records";
        }
        final long nodes = arena.getLong(offset + NODE_COUNT);
        final long needed =
                SortedTableLayout.nodeCount(records, (int) keyMax, (int) value, (int) node);
        if (nodes != needed || nodes > (bytes - NODES) / node) {
            return nodes + " nodes in " + bytes + " bytes, " + records + " records need " + needed;
        }
        return null;
    }

    static int entriesMin(final int keyBytesMax, final int valueBytes, final int nodeBytes) {
        return Math.min(
                SortedTableLayout.entries(
                        nodeBytes, SortedTableLayout.leafEntryBytes(keyBytesMax, valueBytes)),
                SortedTableLayout.entries(
                        nodeBytes, SortedTableLayout.innerEntryBytes(keyBytesMax)));
    }

    private static boolean outside(final long value, final long least, final long most) {
        return value < least || value > most;
    }

    long word(final int field) {
        return arena.getLong(offset + field);
    }

    /** Returns where a node begins in the arena. */
    long at(final long node) {
        return offset + NODES + (node - 1) * nodeBytes;
    }

    int entryBytes(final int level) {
        return level == 0 ? leafEntryBytes : innerEntryBytes;
    }

    int entriesMax(final int level) {
        return level == 0 ? leafEntries : innerEntries;
    }

    /** Returns where an entry begins in the arena, which is where its key is. */
    long entry(final long node, final int level, final int index) {
        return at(node) + NODE_HEAD_BYTES + (long) index * entryBytes(level);
    }

    long value(final long leaf, final int index) {
        return entry(leaf, 0, index) + keySlotBytes;
    }

    long child(final long node, final int level, final int index) {
        return checked(arena.getLong(entry(node, level, index) + keySlotBytes), level - 1);
    }

    int level(final long node) {
        return arena.getInt(at(node) + NODE_LEVEL);
    }

    /**
     * Returns how many entries a node of a level has, which is what fits at most. No inner node is
     * without a child; one that says so would have changes made outside of it.
     */
    int count(final long node, final int level) {
        final int count = arena.getInt(at(node) + NODE_ENTRIES);
        if (count < Math.min(level, 1) || count > entriesMax(level)) {
            throw damaged("node " + node + " at " + at(node) + " has " + count + " entries");
        }
        return count;
    }

    /** Returns the leaf to the right, or 0. */
    long next(final long leaf) {
        final long next = arena.getLong(at(leaf) + NODE_NEXT);
        return next == 0 ? 0 : checked(next, 0);
    }

    /** Returns the leaf to the left, or 0. */
    long previous(final long leaf) {
        final long previous = arena.getLong(at(leaf) + NODE_PREVIOUS);
        return previous == 0 ? 0 : checked(previous, 0);
    }

    int depth() {
        final long depth = word(DEPTH);
        if (outside(depth, 0, DEPTH_LIMIT)) {
            throw damaged("a depth of " + depth);
        }
        return (int) depth;
    }

    /** Returns the root of a table with a depth above 0. */
    long root(final int depth) {
        return checked(word(ROOT), depth - 1);
    }

    /** Returns a node number that names a node of a level. */
    private long checked(final long node, final int level) {
        if (node < 1 || node > nodeCount) {
            throw damaged("node " + node + " of " + nodeCount);
        }
        final int found = level(node);
        if (found != level) {
            throw damaged("node " + node + " at " + at(node) + " has level " + found);
        }
        return node;
    }

    ArenaException damaged(final String what) {
        return new ArenaException(
                name + ": " + what + ": damaged, or changed while it was read without a lock");
    }

    /** Returns the index of the last child whose keys begin at or below a key. */
    int childIndex(final long node, final int level, final TreeKey key) {
        int low = 1;
        int high = count(node, level);
        while (low < high) {
            final int middle = low + high >>> 1;
            if (key.compareTo(arena, entry(node, level, middle)) >= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /** Returns the index of the first entry at or above a key, or the count. */
    int leafIndex(final long leaf, final TreeKey key) {
        int low = 0;
        int high = count(leaf, 0);
        while (low < high) {
            final int middle = low + high >>> 1;
            if (key.compareTo(arena, entry(leaf, 0, middle)) > 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    boolean holds(final long leaf, final int index, final TreeKey key) {
        return index < count(leaf, 0) && key.compareTo(arena, entry(leaf, 0, index)) == 0;
    }

    /** Returns the leaf where a key is or would be, or 0 while the table is empty. */
    long leaf(final TreeKey key) {
        final int depth = depth();
        if (depth == 0) {
            return 0;
        }
        long node = root(depth);
        for (int level = depth - 1; level > 0; level--) {
            node = child(node, level, childIndex(node, level, key));
        }
        return node;
    }

    /** Returns the first or the last leaf, or 0 while the table is empty. */
    long outermostLeaf(final boolean last) {
        final int depth = depth();
        if (depth == 0) {
            return 0;
        }
        long node = root(depth);
        for (int level = depth - 1; level > 0; level--) {
            node = child(node, level, last ? Math.max(0, count(node, level) - 1) : 0);
        }
        return node;
    }

    /** Returns where the value of a key is in the arena, or -1. */
    long find(final TreeKey key) {
        final long leaf = leaf(key);
        if (leaf == 0) {
            return -1;
        }
        final int index = leafIndex(leaf, key);
        return holds(leaf, index, key) ? value(leaf, index) : -1;
    }
}
