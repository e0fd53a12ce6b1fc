package io.coppice.pool.tree;

import io.coppice.pool.Memory;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A key outside of the table, in the form that it has inside. Zeroes after a byte string do not
 * change its order but for what they are a part of, so words are compared first, then lengths. For
 * one thread.
 */
final class TreeKey {
    private final String table;
    private final int keyBytesMax;
    private final int slotBytes;
    private final UnsafeBuffer slot;

    TreeKey(final String table, final int keyBytesMax) {
        this.table = table;
        this.keyBytesMax = keyBytesMax;
        this.slotBytes = SortedTableLayout.keySlotBytes(keyBytesMax);
        this.slot = new UnsafeBuffer(new byte[slotBytes]);
    }

    DirectBuffer slot() {
        return slot;
    }

    TreeKey set(final long key) {
        if (keyBytesMax != 0) {
            throw new IllegalArgumentException(table + ": its keys are byte strings, not longs");
        }
        slot.putLong(0, key);
        return this;
    }

    TreeKey set(final DirectBuffer key, final int index, final int length) {
        if (keyBytesMax == 0) {
            throw new IllegalArgumentException(table + ": its keys are longs, not byte strings");
        }
        if (length < 0 || length > keyBytesMax) {
            throw new IllegalArgumentException(
                    table + ": a key of " + length + " bytes, at most are " + keyBytesMax);
        }
        key.boundsCheck(index, length);
        slot.putLong(0, length);
        slot.putBytes(Long.BYTES, key, index, length);
        slot.setMemory(Long.BYTES + length, slotBytes - Long.BYTES - length, (byte) 0);
        return this;
    }

    /** Takes a key out of the table, as it is. */
    void copy(final Memory arena, final long offset) {
        for (int at = 0; at < slotBytes; at += Long.BYTES) {
            slot.putLong(at, arena.getLong(offset + at));
        }
    }

    /** Returns how this key compares to the one at an offset. */
    int compareTo(final Memory arena, final long offset) {
        if (keyBytesMax == 0) {
            return Long.compare(slot.getLong(0), arena.getLong(offset));
        }
        for (int at = Long.BYTES; at < slotBytes; at += Long.BYTES) {
            final long mine = slot.getLong(at);
            final long other = arena.getLong(offset + at);
            if (mine != other) {
                return Long.compareUnsigned(Long.reverseBytes(mine), Long.reverseBytes(other));
            }
        }
        return Long.compare(slot.getLong(0), arena.getLong(offset));
    }
}
