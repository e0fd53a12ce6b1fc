package io.coppice.pool.tree;

import static io.coppice.pool.tree.SortedTableLayout.DEPTH;
import static io.coppice.pool.tree.SortedTableLayout.DEPTH_LIMIT;
import static io.coppice.pool.tree.SortedTableLayout.FIRST_FREE;
import static io.coppice.pool.tree.SortedTableLayout.FREE;
import static io.coppice.pool.tree.SortedTableLayout.FRESH;
import static io.coppice.pool.tree.SortedTableLayout.NODE_ENTRIES;
import static io.coppice.pool.tree.SortedTableLayout.NODE_HEAD_BYTES;
import static io.coppice.pool.tree.SortedTableLayout.NODE_LEVEL;
import static io.coppice.pool.tree.SortedTableLayout.NODE_NEXT;
import static io.coppice.pool.tree.SortedTableLayout.NODE_PREVIOUS;
import static io.coppice.pool.tree.SortedTableLayout.ROOT;

import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import org.agrona.DirectBuffer;

/**
 * Puts entries into the nodes of a sorted table and takes them out, and keeps every node but the
 * root at least half full. Every range is saved before it is changed; nothing else is stored.
 */
final class TreeEditor {
    private final TreeNodes nodes;
    private final Journal journal;
    private final Memory arena;

    /** The way from the root to the leaf of the last {@link #descend}, by level. */
    private final long[] pathNode = new long[DEPTH_LIMIT + 1];

    private final int[] pathIndex = new int[DEPTH_LIMIT + 1];
    private int depth;

    /** What the last {@link #place} split, or 0. */
    private long splitRight;

    private long splitLeft;

    TreeEditor(final TreeNodes nodes, final Journal journal) {
        this.nodes = nodes;
        this.journal = journal;
        this.arena = nodes.arena;
    }

    /** Goes to where a key is or would be and returns whether it is there. */
    boolean descend(final TreeKey key) {
        depth = nodes.depth();
        if (depth == 0) {
            return false;
        }
        long node = nodes.root(depth);
        for (int level = depth - 1; level > 0; level--) {
            pathNode[level] = node;
            pathIndex[level] = nodes.childIndex(node, level, key);
            node = nodes.child(node, level, pathIndex[level]);
        }
        pathNode[0] = node;
        pathIndex[0] = nodes.leafIndex(node, key);
        return nodes.holds(node, pathIndex[0], key);
    }

    /** Returns where the value is that {@link #descend} has found. */
    long value() {
        return nodes.value(pathNode[0], pathIndex[0]);
    }

    /** Puts an entry where {@link #descend} has not found it; returns where its value goes. */
    long insert(final DirectBuffer keySlot) {
        if (depth == 0) {
            pathNode[0] = take(0);
            pathIndex[0] = 0;
            setRoot(pathNode[0], 1);
        }
        final long entry = place(0, pathNode[0], pathIndex[0]);
        arena.putBytes(entry, keySlot, 0, nodes.keySlotBytes);
        splitUpwards();
        return entry + nodes.keySlotBytes;
    }

    /** Makes room for an entry in a node, which is split where it is full. */
    private long place(final int level, final long node, final int index) {
        final int count = nodes.count(node, level);
        if (index > count) {
            // A free node that is in use as well, as a damaged head can have it.
            throw nodes.damaged("node " + node + " lost entries while it was being changed");
        }
        splitRight = 0;
        if (count < nodes.entriesMax(level)) {
            return openGap(node, level, index, count);
        }
        final int leftCount = (count + 1) / 2;
        final boolean goesLeft = index < leftCount;
        final int from = goesLeft ? leftCount - 1 : leftCount;
        final long right = take(level);
        moveEntries(node, level, from, right, 0, count - from);
        setCount(right, level, count - from);
        setCount(node, level, from);
        if (level == 0) {
            linkAfter(node, right);
        }
        splitLeft = node;
        splitRight = right;
        return goesLeft
                ? openGap(node, level, index, from)
                : openGap(right, level, index - from, count - from);
    }

    /** Tells the nodes above of a node that came from a split, as far up as there are splits. */
    private void splitUpwards() {
        int level = 0;
        while (splitRight != 0) {
            final long left = splitLeft;
            final long right = splitRight;
            final long separator = nodes.entry(right, level, 0);
            level++;
            if (level == depth) {
                final long root = take(level);
                journal.save(nodes.entry(root, level, 0), 2L * nodes.entryBytes(level));
                putChild(root, level, 0, separator, left);
                putChild(root, level, 1, separator, right);
                setCount(root, level, 2);
                setRoot(root, level + 1L);
                return;
            }
            final long entry = place(level, pathNode[level], pathIndex[level] + 1);
            arena.putBytes(entry, arena, separator, nodes.keySlotBytes);
            arena.putLong(entry + nodes.keySlotBytes, right);
        }
    }

    /** Takes out the entry that {@link #descend} has found. */
    void remove() {
        closeGap(pathNode[0], 0, pathIndex[0], nodes.count(pathNode[0], 0));
        int level = 0;
        while (level < depth - 1
                && nodes.count(pathNode[level], level) < nodes.entriesMax(level) / 2) {
            refill(level);
            level++;
        }
        if (level == depth - 1) {
            shrinkRoot(pathNode[level], level);
        }
    }

    /** Fills a node up from a neighbour, or makes one of both. */
    private void refill(final int level) {
        final int above = level + 1;
        final long parent = pathNode[above];
        final int index = pathIndex[above];
        final int half = nodes.entriesMax(level) / 2;
        final long node = pathNode[level];
        final int siblings = nodes.count(parent, above);
        final long left = index > 0 ? nodes.child(parent, above, index - 1) : 0;
        if (left != 0 && nodes.count(left, level) > half) {
            borrowLast(left, node, level, separator(parent, above, index));
            return;
        }
        final long right = index + 1 < siblings ? nodes.child(parent, above, index + 1) : 0;
        if (right != 0 && nodes.count(right, level) > half) {
            borrowFirst(right, node, level, separator(parent, above, index + 1));
        } else if (left != 0) {
            merge(left, node, level, parent, index);
        } else if (right != 0) {
            merge(node, right, level, parent, index + 1);
        } else {
            throw nodes.damaged("node " + parent + " has one child");
        }
    }

    private long separator(final long parent, final int level, final int index) {
        return nodes.entry(parent, level, index);
    }

    private void borrowLast(
            final long left, final long node, final int level, final long separator) {
        final int last = nodes.count(left, level) - 1;
        final long to = openGap(node, level, 0, nodes.count(node, level));
        if (level > 0) {
            // What was the first child needs the key that the parent had for all of the node.
            arena.putBytes(nodes.entry(node, level, 1), arena, separator, nodes.keySlotBytes);
        }
        final long from = nodes.entry(left, level, last);
        arena.putBytes(to, arena, from, nodes.entryBytes(level));
        journal.save(separator, nodes.keySlotBytes);
        arena.putBytes(separator, arena, from, nodes.keySlotBytes);
        setCount(left, level, last);
    }

    private void borrowFirst(
            final long right, final long node, final int level, final long separator) {
        final int count = nodes.count(node, level);
        moveEntries(right, level, 0, node, count, 1);
        if (level > 0) {
            arena.putBytes(nodes.entry(node, level, count), arena, separator, nodes.keySlotBytes);
        }
        setCount(node, level, count + 1);
        closeGap(right, level, 0, nodes.count(right, level));
        journal.save(separator, nodes.keySlotBytes);
        arena.putBytes(separator, arena, nodes.entry(right, level, 0), nodes.keySlotBytes);
    }

    private void merge(
            final long left,
            final long right,
            final int level,
            final long parent,
            final int indexOfRight) {
        final int leftCount = nodes.count(left, level);
        final int rightCount = nodes.count(right, level);
        if (leftCount + rightCount > nodes.entriesMax(level)) {
            throw nodes.damaged("nodes " + left + " and " + right + " do not fit into one");
        }
        moveEntries(right, level, 0, left, leftCount, rightCount);
        if (level > 0) {
            arena.putBytes(
                    nodes.entry(left, level, leftCount),
                    arena,
                    separator(parent, level + 1, indexOfRight),
                    nodes.keySlotBytes);
        } else {
            unlink(left, right);
        }
        setCount(left, level, leftCount + rightCount);
        give(right);
        closeGap(parent, level + 1, indexOfRight, nodes.count(parent, level + 1));
    }

    private void shrinkRoot(final long root, final int level) {
        final int count = nodes.count(root, level);
        if (level == 0 && count == 0) {
            give(root);
            setRoot(0, 0);
        } else if (level > 0 && count == 1) {
            final long child = nodes.child(root, level, 0);
            give(root);
            setRoot(child, level);
        }
    }

    /** Shifts entries to the right; the entry at {@code index} may be written then. */
    private long openGap(final long node, final int level, final int index, final int count) {
        final int entryBytes = nodes.entryBytes(level);
        final long from = nodes.entry(node, level, index);
        final long movedBytes = (long) (count - index) * entryBytes;
        journal.save(from, movedBytes + entryBytes);
        if (movedBytes > 0) {
            arena.putBytes(from + entryBytes, arena, from, movedBytes);
        }
        setCount(node, level, count + 1);
        return from;
    }

    /** Shifts entries to the left over the one at {@code index}. */
    private void closeGap(final long node, final int level, final int index, final int count) {
        if (index >= count) {
            throw nodes.damaged("node " + node + " lost entries while it was being changed");
        }
        final int entryBytes = nodes.entryBytes(level);
        final long to = nodes.entry(node, level, index);
        final long movedBytes = (long) (count - index - 1) * entryBytes;
        if (movedBytes > 0) {
            journal.save(to, movedBytes);
            arena.putBytes(to, arena, to + entryBytes, movedBytes);
        }
        setCount(node, level, count - 1);
    }

    private void moveEntries(
            final long from,
            final int level,
            final int fromIndex,
            final long to,
            final int toIndex,
            final int entries) {
        if (entries > 0) {
            final long bytes = (long) entries * nodes.entryBytes(level);
            final long target = nodes.entry(to, level, toIndex);
            journal.save(target, bytes);
            arena.putBytes(target, arena, nodes.entry(from, level, fromIndex), bytes);
        }
    }

    private void putChild(
            final long node, final int level, final int index, final long key, final long child) {
        final long entry = nodes.entry(node, level, index);
        arena.putBytes(entry, arena, key, nodes.keySlotBytes);
        arena.putLong(entry + nodes.keySlotBytes, child);
    }

    private void setCount(final long node, final int level, final int count) {
        journal.save(nodes.at(node), NODE_HEAD_BYTES);
        arena.putInt(nodes.at(node) + NODE_LEVEL, level);
        arena.putInt(nodes.at(node) + NODE_ENTRIES, count);
    }

    private void setRoot(final long root, final long levels) {
        journal.putLong(nodes.offset + ROOT, root);
        journal.putLong(nodes.offset + DEPTH, levels);
    }

    private void setLink(final long node, final int link, final long to) {
        journal.save(nodes.at(node), NODE_HEAD_BYTES);
        arena.putLong(nodes.at(node) + link, to);
    }

    private void linkAfter(final long left, final long right) {
        final long next = nodes.next(left);
        setLink(right, NODE_NEXT, next);
        setLink(right, NODE_PREVIOUS, left);
        setLink(left, NODE_NEXT, right);
        if (next != 0) {
            setLink(next, NODE_PREVIOUS, right);
        }
    }

    private void unlink(final long left, final long right) {
        final long next = nodes.next(right);
        setLink(left, NODE_NEXT, next);
        if (next != 0) {
            setLink(next, NODE_PREVIOUS, left);
        }
    }

    /** Takes an empty node from the free list, or one that was never used. */
    private long take(final int level) {
        long node = nodes.word(FIRST_FREE);
        if (node == 0) {
            node = nodes.word(FRESH) + 1;
            if (node < 1 || node > nodes.nodeCount) {
                throw nodes.damaged("all " + nodes.nodeCount + " nodes are in use");
            }
            journal.putLong(nodes.offset + FRESH, node);
        } else {
            if (node < 1 || node > nodes.nodeCount || nodes.level(node) != FREE) {
                throw nodes.damaged("node " + node + " begins the free list");
            }
            journal.putLong(nodes.offset + FIRST_FREE, arena.getLong(nodes.at(node) + NODE_NEXT));
        }
        setCount(node, level, 0);
        arena.putLong(nodes.at(node) + NODE_NEXT, 0);
        arena.putLong(nodes.at(node) + NODE_PREVIOUS, 0);
        return node;
    }

    private void give(final long node) {
        setCount(node, FREE, 0);
        arena.putLong(nodes.at(node) + NODE_NEXT, nodes.word(FIRST_FREE));
        arena.putLong(nodes.at(node) + NODE_PREVIOUS, 0);
        journal.putLong(nodes.offset + FIRST_FREE, node);
    }
}
