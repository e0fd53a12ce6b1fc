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

    /** Forgets all words saved so far. */
    void begin(final long nextStamp) {
        if (nextStamp != stamp + 1 || (nextStamp & STAMP_MASK) == 0) {
            // The low bits may have been those of a stamp that some word is still marked with.
            Arrays.fill(words, Long.MIN_VALUE);
        }
        stamp = nextStamp;
    }

    boolean has(final long offset) {
        return words[place(offset)] == mark(offset);
    }

    void add(final long offset) {
        words[place(offset)] = mark(offset);
    }

    private long mark(final long offset) {
        return stamp << OFFSET_BITS | offset;
    }

    private static int place(final long offset) {
        return (int) (offset >>> 3) & PLACES - 1;
    }
}
