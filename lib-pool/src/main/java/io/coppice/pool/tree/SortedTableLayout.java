package io.coppice.pool.tree;

/**
 * A sorted table; all offsets are from its start, which is 64-byte aligned.
 *
 * <pre>
 *      0  keyBytesMax    0 where keys are longs, else the most bytes of a key
 *      8  valueBytes     of every record
 *     16  capacity       in records
 *     24  nodeBytes      size of every node, a multiple of 64
 *     32  nodeCount      enough for the worst fill
 *     64  root           number of a node, 0 while the table is empty
 *     72  depth          levels, 0 while the table is empty
 *     80  size           in records
 *     88  highWater      most records it ever held
 *     96  firstFree      number of the first node of the free list, 0 for none
 *    104  fresh          nodes with a number above this were never used
 *    112  stamp          of the journal, at the last change that stands
 *    120  changes        counts changes, those undone as well; not journaled
 *    192  nodes[nodeCount], numbered from 1
 *
 *  node:  0  level       32 bits: 0 in a leaf, FREE in the free list
 *         4  count       32 bits, of entries
 *         8  next        leaf to the right, or next in the free list; 0 for none
 *        16  previous    leaf to the left; 0 for none
 *        24  entries, in the order of their keys
 *
 *  entry: key            8 bytes, or { lengthBytes 64 bits, bytes padded with zeroes to 8 }
 *         value          in a leaf, padded to 8
 *         child          in an inner node: number of the node with the keys from this one on
 * </pre>
 *
 * The key of the first entry of an inner node means nothing: its child has all keys below that of
 * the second. Long keys compare signed, byte strings as unsigned bytes, a prefix before what it
 * begins.
 */
public final class SortedTableLayout {
    /** The longest key, in bytes. */
    public static final int KEY_BYTES_LIMIT = 1024;

    /** The largest value, in bytes. */
    public static final int VALUE_BYTES_LIMIT = 1 << 16;

    /** The most records. */
    public static final long CAPACITY_LIMIT = 1L << 36;

    /** The most levels; with two children a node and the largest capacity there are fewer. */
    static final int DEPTH_LIMIT = 40;

    static final int KEY_BYTES_MAX = 0;
    static final int VALUE_BYTES = 8;
    static final int CAPACITY = 16;
    static final int NODE_BYTES = 24;
    static final int NODE_COUNT = 32;
    static final int ROOT = 64;
    static final int DEPTH = 72;
    static final int SIZE = 80;
    static final int HIGH_WATER = 88;
    static final int FIRST_FREE = 96;
    static final int FRESH = 104;
    static final int STAMP = 112;
    static final int CHANGES = 120;
    static final int NODES = 192;

    static final int NODE_LEVEL = 0;
    static final int NODE_ENTRIES = 4;
    static final int NODE_NEXT = 8;
    static final int NODE_PREVIOUS = 16;
    static final int NODE_HEAD_BYTES = 24;

    /** The level of a node in the free list. */
    static final int FREE = -1;

    /** Fewer entries could not be split and merged. */
    static final int NODE_ENTRIES_MIN = 4;

    static final int NODE_BYTES_SMALLEST = 512;
    static final int NODE_BYTES_LIMIT = 1 << 21;
    static final int ALIGNMENT = 64;

    /** Nodes are made large enough for so many of the larger entries. */
    private static final int NODE_ENTRIES_WANTED = 8;

    static {
        if (NODES % ALIGNMENT != 0 || CHANGES + Long.BYTES > NODES) {
            throw new AssertionError("the head of a sorted table must end before its nodes");
        }
        if (nodeBytes(KEY_BYTES_LIMIT, VALUE_BYTES_LIMIT) > NODE_BYTES_LIMIT) {
            throw new AssertionError("the largest node must fit");
        }
    }

    private SortedTableLayout() {}

    /** Returns what a key takes in an entry. */
    static int keySlotBytes(final int keyBytesMax) {
        return keyBytesMax == 0 ? Long.BYTES : Long.BYTES + pad(keyBytesMax);
    }

    static int leafEntryBytes(final int keyBytesMax, final int valueBytes) {
        return keySlotBytes(keyBytesMax) + pad(valueBytes);
    }

    static int innerEntryBytes(final int keyBytesMax) {
        return keySlotBytes(keyBytesMax) + Long.BYTES;
    }

    static int entries(final int nodeBytes, final int entryBytes) {
        return (nodeBytes - NODE_HEAD_BYTES) / entryBytes;
    }

    /** Returns the size of the nodes for a kind of record. */
    static int nodeBytes(final int keyBytesMax, final int valueBytes) {
        final int largest =
                Math.max(leafEntryBytes(keyBytesMax, valueBytes), innerEntryBytes(keyBytesMax));
        final int wanted = NODE_HEAD_BYTES + NODE_ENTRIES_WANTED * largest;
        return Math.max(NODE_BYTES_SMALLEST, wanted + ALIGNMENT - 1 & -ALIGNMENT);
    }

    /**
     * Returns how many nodes hold any {@code capacity} records: every node but the root is at least
     * half full, so there are the fewer the higher they are.
     */
    static long nodeCount(
            final long capacity, final int keyBytesMax, final int valueBytes, final int nodeBytes) {
        final int leafMin = entries(nodeBytes, leafEntryBytes(keyBytesMax, valueBytes)) / 2;
        final int innerMin = entries(nodeBytes, innerEntryBytes(keyBytesMax)) / 2;
        long level = Math.max(1, capacity / leafMin);
        long nodes = level;
        while (level > 1) {
            level = Math.max(1, level / innerMin);
            nodes += level;
        }
        return nodes;
    }

    private static int pad(final int bytes) {
        return bytes + Long.BYTES - 1 & -Long.BYTES;
    }
}
