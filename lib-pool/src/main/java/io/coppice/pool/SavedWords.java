package io.coppice.pool;

import java.util.Arrays;

/**
 * Remembers the words that were saved last, so that a word that is written again and again is saved
 * once. Lives in the writer's process alone; a miss costs an entry and nothing else.
 */
final class SavedWords {
    /** A power of two. */
    private static final int PLACES = 64;

    /** Arenas are far smaller than this many bytes. */
    private static final int OFFSET_BITS = 44;

    private static final long STAMP_MASK = (1L << Long.SIZE - OFFSET_BITS) - 1;

    /** An offset, and above it the low bits of the stamp it was saved under. */
    private final long[] words = new long[PLACES];

    private long stamp;
    private long stampBits;

    /** Forgets all words saved so far. */
    void begin(final long nextStamp) {
        if (nextStamp != stamp + 1 || (nextStamp & STAMP_MASK) == 0) {
            // The low bits may have been those of a stamp that some word is still marked with.
            forget();
        }
        stamp = nextStamp;
        stampBits = nextStamp << OFFSET_BITS;
    }

    /** Remembers a word of the arena; returns whether it was not remembered already. */
    boolean add(final long offset) {
        final int place = (int) (offset >>> 3) & PLACES - 1;
        final long mark = stampBits | offset;
        if (words[place] == mark) {
            return false;
        }
        words[place] = mark;
        return true;
    }

    /** Forgets all words, whatever they are marked with. */
    void forget() {
        Arrays.fill(words, Long.MIN_VALUE);
    }
}
