package io.coppice.pool.table;

import io.coppice.pool.Memory;
import org.agrona.DirectBuffer;

/**
 * What the index keeps of a key. Numbers are folded and multiplied by 2^64 over the golden ratio
 * (Knuth, The Art of Computer Programming, volume 3, section 6.4), whose upper bits spread also
 * those keys well that count up. Bytes are mixed as MurmurHash3 does (Austin Appleby, public
 * domain): one lane of its body, then its 64-bit finaliser. Part of the arena's format.
 */
final class KeyHash {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final long C1 = 0x87C37B91114253D5L;
    private static final long C2 = 0x4CF5AD432745937FL;

    private KeyHash() {}

    static int tag(final long key) {
        return (int) ((key ^ key >>> Integer.SIZE) * GOLDEN >>> TableLayout.TAG_SHIFT);
    }

    static int tag(final DirectBuffer key, final int index, final int length) {
        long hash = GOLDEN;
        int done = 0;
        for (; done <= length - Long.BYTES; done += Long.BYTES) {
            hash = add(hash, key.getLong(index + done));
        }
        return end(hash, tail(key, index + done, length - done), length);
    }

    private static int end(final long hash, final long tail, final int length) {
        return (int) (mix(add(hash, tail) ^ length) >>> TableLayout.TAG_SHIFT);
    }

    /** Returns whether a key in the arena, whose length is known to be the same, is this one. */
    static boolean same(
            final Memory arena,
            final long offset,
            final DirectBuffer key,
            final int index,
            final int length) {
        int done = 0;
        for (; done <= length - Long.BYTES; done += Long.BYTES) {
            if (arena.getLong(offset + done) != key.getLong(index + done)) {
                return false;
            }
        }
        for (; done < length; done++) {
            if (arena.getByte(offset + done) != key.getByte(index + done)) {
                return false;
            }
        }
        return true;
    }

    private static long tail(final DirectBuffer key, final int index, final int length) {
        long tail = 0;
        for (int i = 0; i < length; i++) {
            tail |= (key.getByte(index + i) & 0xFFL) << (i << 3);
        }
        return tail;
    }

    private static long add(final long hash, final long word) {
        return Long.rotateLeft(hash ^ Long.rotateLeft(word * C1, 31) * C2, 27) * 5 + 0x52DCE729;
    }

    private static long mix(final long key) {
        long hash = key;
        hash = (hash ^ hash >>> 33) * 0xFF51AFD7ED558CCDL;
        hash = (hash ^ hash >>> 33) * 0xC4CEB9FE1A85EC53L;
        return hash ^ hash >>> 33;
    }
}
