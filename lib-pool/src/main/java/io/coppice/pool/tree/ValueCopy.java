package io.coppice.pool.tree;

import org.agrona.MutableDirectBuffer;

/** Copies values out of a table without allocating. */
final class ValueCopy {
    private ValueCopy() {}

    static boolean out(
            final TreeNodes nodes, final long from, final MutableDirectBuffer to, final int index) {
        if (from < 0) {
            return false;
        }
        copy(nodes, from, to, index, nodes.valueBytes);
        return true;
    }

    /** Copies bytes of the arena; it is the target that tells where it ends. */
    static void copy(
            final TreeNodes nodes,
            final long from,
            final MutableDirectBuffer to,
            final int index,
            final int length) {
        to.boundsCheck(index, length);
        int done = 0;
        for (; done + Long.BYTES <= length; done += Long.BYTES) {
            to.putLong(index + done, nodes.arena.getLong(from + done));
        }
        for (; done < length; done++) {
            to.putByte(index + done, nodes.arena.getByte(from + done));
        }
    }
}
