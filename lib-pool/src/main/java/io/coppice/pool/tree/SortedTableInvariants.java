package io.coppice.pool.tree;

import static io.coppice.pool.tree.SortedTableLayout.DEPTH;
import static io.coppice.pool.tree.SortedTableLayout.FIRST_FREE;
import static io.coppice.pool.tree.SortedTableLayout.FREE;
import static io.coppice.pool.tree.SortedTableLayout.FRESH;
import static io.coppice.pool.tree.SortedTableLayout.HIGH_WATER;
import static io.coppice.pool.tree.SortedTableLayout.NODE_ENTRIES;
import static io.coppice.pool.tree.SortedTableLayout.NODE_NEXT;
import static io.coppice.pool.tree.SortedTableLayout.NODE_PREVIOUS;
import static io.coppice.pool.tree.SortedTableLayout.ROOT;
import static io.coppice.pool.tree.SortedTableLayout.SIZE;

import io.coppice.pool.Memory;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Checks what must hold of a sorted table between any two transactions: keys in order and between
 * those of the nodes above, every node but the root half full, all leaves equally deep and linked
 * in both directions, every node exactly once in the tree or in the free list, the size.
 *
 * <p>Trusts nothing: no node is visited twice, and there is no exception whatever the bytes are.
 * Allocates; for any process that maps the arena.
 */
public final class SortedTableInvariants {
    private static final int MOST_LINES = 100;

    private final List<String> wrong = new ArrayList<>();
    private final TreeNodes nodes;
    private final Memory arena;
    private final BitSet seen = new BitSet();
    private long fresh;
    private long records;
    private long lastLeaf;

    private SortedTableInvariants(final TreeNodes nodes) {
        this.nodes = nodes;
        this.arena = nodes.arena;
    }

    /** Returns what is wrong, one line each; nothing where the table is sound. */
    public static List<String> check(final Memory arena, final long offset, final long bytes) {
        final String damage = TreeNodes.damage(arena, offset, bytes);
        if (damage != null) {
            return List.of("sorted table at " + offset + ": " + damage);
        }
        final SortedTableInvariants check =
                new SortedTableInvariants(
                        TreeNodes.attach("sorted table at " + offset, arena, offset, bytes));
        check.all();
        return check.wrong;
    }

    private void all() {
        fresh = nodes.word(FRESH);
        if (fresh < 0 || fresh > nodes.nodeCount || fresh > Integer.MAX_VALUE) {
            add(FRESH, fresh + " nodes used of " + nodes.nodeCount);
            return;
        }
        final long depth = nodes.word(DEPTH);
        final long root = nodes.word(ROOT);
        if (depth < 0 || depth > SortedTableLayout.DEPTH_LIMIT || depth == 0 != (root == 0)) {
            add(DEPTH, "depth " + depth + " with root " + root);
        } else if (depth > 0) {
            walk(root, (int) depth - 1, 0, 0, true);
            if (lastLeaf != 0 && arena.getLong(nodes.at(lastLeaf) + NODE_NEXT) != 0) {
                addNode(lastLeaf, "is the last leaf, and another follows");
            }
        }
        walkFree();
        if (seen.cardinality() != fresh) {
            add(FRESH, fresh + " nodes used, " + seen.cardinality() + " in the tree or free");
        }
        final long size = nodes.word(SIZE);
        if (size != records) {
            add(SIZE, "size " + size + ", found " + records + " records");
        }
        if (size < 0 || size > nodes.capacity) {
            add(SIZE, "size " + size + " of " + nodes.capacity);
        }
        final long highWater = nodes.word(HIGH_WATER);
        if (highWater < size || highWater > nodes.capacity) {
            add(HIGH_WATER, "high water " + highWater + " with a size of " + size);
        }
    }

    /**
     * Walks the tree below a node.
     *
     * @param low where the key is that no key of the node is below, 0 for none
     * @param high where the key is that all keys of the node are below, 0 for none
     */
    private void walk(
            final long node,
            final int level,
            final long low,
            final long high,
            final boolean isRoot) {
        if (!claim(node, "in the tree")) {
            return;
        }
        final int foundLevel = nodes.level(node);
        final int count = arena.getInt(nodes.at(node) + NODE_ENTRIES);
        final int most = nodes.entriesMax(level);
        final int rootLeast = level == 0 ? 1 : 2;
        final int least = isRoot ? rootLeast : most / 2;
        if (foundLevel != level) {
            addNode(node, "has level " + foundLevel + " where it should be " + level);
            return;
        }
        if (count < least || count > most) {
            addNode(node, "has " + count + " entries, not from " + least + " to " + most);
            return;
        }
        checkKeys(node, level, count, low, high);
        if (level == 0) {
            records += count;
            checkLink(node);
            return;
        }
        for (int i = 0; i < count; i++) {
            final long child = arena.getLong(nodes.entry(node, level, i) + nodes.keySlotBytes);
            final long childLow = i == 0 ? low : nodes.entry(node, level, i);
            final long childHigh = i == count - 1 ? high : nodes.entry(node, level, i + 1);
            walk(child, level - 1, childLow, childHigh, false);
        }
    }

    private void checkKeys(
            final long node, final int level, final int count, final long low, final long high) {
        final TreeKey key = new TreeKey(nodes.name, nodes.keyBytesMax);
        for (int i = level == 0 ? 0 : 1; i < count; i++) {
            final long entry = nodes.entry(node, level, i);
            key.copy(arena, entry);
            final boolean hasLeft = i > (level == 0 ? 0 : 1);
            if (hasLeft && key.compareTo(arena, nodes.entry(node, level, i - 1)) <= 0) {
                addNode(node, "key " + i + " is not above the one before it");
            }
            if (low != 0 && key.compareTo(arena, low) < 0) {
                addNode(node, "key " + i + " is below what the node above says");
            }
            if (high != 0 && key.compareTo(arena, high) >= 0) {
                addNode(node, "key " + i + " is not below what the node above says");
            }
            if (nodes.keyBytesMax != 0) {
                checkLength(node, i, entry);
            }
        }
    }

    private void checkLength(final long node, final int index, final long entry) {
        final long length = arena.getLong(entry);
        if (length < 0 || length > nodes.keyBytesMax) {
            addNode(node, "key " + index + " has " + length + " bytes");
            return;
        }
        for (long at = entry + Long.BYTES + length; at < entry + nodes.keySlotBytes; at++) {
            if (arena.getByte(at) != 0) {
                addNode(node, "key " + index + " is not padded with zeroes");
                return;
            }
        }
    }

    private void checkLink(final long leaf) {
        final long previous = arena.getLong(nodes.at(leaf) + NODE_PREVIOUS);
        if (previous != lastLeaf) {
            addNode(leaf, "names " + previous + " to its left, which is " + lastLeaf);
        }
        if (lastLeaf != 0) {
            final long next = arena.getLong(nodes.at(lastLeaf) + NODE_NEXT);
            if (next != leaf) {
                addNode(lastLeaf, "names " + next + " to its right, which is " + leaf);
            }
        }
        lastLeaf = leaf;
    }

    private void walkFree() {
        long node = nodes.word(FIRST_FREE);
        while (node != 0 && claim(node, "in the free list")) {
            final int level = nodes.level(node);
            if (level != FREE) {
                addNode(node, "is in the free list with level " + level);
            }
            node = arena.getLong(nodes.at(node) + NODE_NEXT);
        }
    }

    /** Returns whether a number names a node that was not seen before, so that every walk ends. */
    private boolean claim(final long node, final String where) {
        if (node < 1 || node > fresh) {
            wrong(nodes.name + ": node " + node + " " + where + ", of " + fresh + " used");
            return false;
        }
        if (seen.get((int) (node - 1))) {
            addNode(node, "is " + where + ", and was met before");
            return false;
        }
        seen.set((int) (node - 1));
        return true;
    }

    private void addNode(final long node, final String what) {
        wrong(nodes.name + ": node " + node + " at " + nodes.at(node) + " " + what);
    }

    private void add(final int field, final String what) {
        wrong(nodes.name + ": " + what + ", at " + (nodes.offset + field));
    }

    private void wrong(final String line) {
        if (wrong.size() < MOST_LINES) {
            wrong.add(line);
        }
    }
}
