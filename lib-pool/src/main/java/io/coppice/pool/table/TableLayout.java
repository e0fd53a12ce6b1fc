package io.coppice.pool.table;

/**
 * A hash table: an index of 64-bit words in open addressing, and an array of records.
 *
 * <pre>
 *      0  magic          "COPTABLE"
 *      8  capacity       how many records there can be
 *     16  slots          words of the index, a power of two
 *     24  keyBytesMax    0 where keys are 64-bit numbers
 *     32  valueBytes     of each record, as its owner counts them
 *     64  size           records in use, those of a transaction under way included
 *     72  fresh          records below this number were used at some time
 *     80  free           1 + the first record of the free list, or 0
 *     88  highWater      the largest size ever
 *    128  shifts         odd while a transaction that removes is under way
 *    192  index[slots]   0, or { tag: upper 32 bits, 1 + number of the record: lower 32 bits }
 *    align 64
 *         links[capacity] of a record in use: 0, or the complement of the head that it waits for;
 *                        of a free one: { version of the head that counted then: upper 31 bits,
 *                        2 + the next free record, or 1 at the end of the list: lower 32 }
 *    align 64
 *         records[capacity]
 * </pre>
 *
 * A record, a multiple of 8 bytes and at least 64 of them. Links lie elsewhere so that a key and a
 * value of up to 24 bytes together have both copies and their head in one cache line:
 *
 * <pre>
 *      0  head           bit 0: live, bit 1: which copy counts, from bit 2: version
 *      8  mark           the journal's stamp of the transaction that edits the other copy
 *     16  copy A         { key, value }
 *         copy B         { key, value }
 * </pre>
 *
 * A key is a word, or { length, bytes padded to 8 }. A value is padded to 8 bytes.
 */
final class TableLayout {
    /** "COPTABLE" read as a little-endian word. */
    static final long MAGIC = 0x454C424154504F43L;

    static final int MAGIC_OFFSET = 0;
    static final int CAPACITY = 8;
    static final int SLOTS = 16;
    static final int KEY_BYTES_MAX = 24;
    static final int VALUE_BYTES = 32;
    static final int SIZE = 64;
    static final int FRESH = 72;
    static final int FREE = 80;
    static final int HIGH_WATER = 88;
    static final int SHIFTS = 128;
    static final int INDEX = 192;

    static final int HEAD = 0;
    static final int MARK = 8;
    static final int COPIES = 16;

    /** Where a record begins that other words share no cache line with, if it is that small. */
    static final int RECORD_BYTES_MIN = 64;

    static final long LIVE = 1;
    static final long COPY = 2;
    private static final long FLAGS = LIVE | COPY;

    private static final int VERSION_SHIFT = 2;
    private static final long LINK_VERSION_MASK = 0x7FFF_FFFFL;

    static final long NUMBER_MASK = 0xFFFF_FFFFL;
    static final int TAG_SHIFT = 32;

    static {
        if (INDEX % 64 != 0 || COPIES % Long.BYTES != 0 || MARK + Long.BYTES > COPIES) {
            throw new AssertionError("the parts of a table do not fit together");
        }
    }

    private TableLayout() {}

    /** Returns the head after the other copy is made the one that counts. */
    static long flipped(final long head) {
        return (head | FLAGS) + 1 | ~head & COPY | LIVE;
    }

    /** Returns the head after the record is removed. */
    static long dead(final long head) {
        return (head | FLAGS) + 1 | head & COPY;
    }

    static boolean isLive(final long head) {
        return (head & LIVE) != 0;
    }

    /** Returns 0 or 1. */
    static long copy(final long head) {
        return (head & COPY) >>> 1;
    }

    /**
     * Returns the link of a record that is removed while a head counts.
     *
     * @param free what the free list begins with, as in the head of the table
     */
    static long freeLink(final long free, final long head) {
        return linkVersion(head) << Integer.SIZE | free + 1;
    }

    /** Returns what the free list begins with once the record with this link is taken from it. */
    static long nextFree(final long link) {
        return (link & NUMBER_MASK) - 1;
    }

    /**
     * Returns whether others see a record. While a commit stores its heads, a record that was
     * edited and then removed may for a moment have the head of its edit, which never counts: it is
     * later than the one that its link names.
     */
    static boolean isSeen(final long head, final long link) {
        return isLive(head) && (link <= 0 || link >>> Integer.SIZE == linkVersion(head));
    }

    /**
     * Returns whether a record is in use from a head on that has not come yet. The version alone
     * does not tell: where a record is removed and used again, a commit may store the head of the
     * remove first.
     */
    static boolean isAwaited(final long head, final long link) {
        return link < 0 && head != ~link && head >>> VERSION_SHIFT <= ~link >>> VERSION_SHIFT;
    }

    private static long linkVersion(final long head) {
        return head >>> VERSION_SHIFT & LINK_VERSION_MASK;
    }

    static long indexWord(final int tag, final long number) {
        return (long) tag << TAG_SHIFT | number + 1;
    }

    static int tag(final long indexWord) {
        return (int) (indexWord >>> TAG_SHIFT);
    }

    /** Returns the number of the record, or -1 where the word is damaged. */
    static long number(final long indexWord) {
        return (indexWord & NUMBER_MASK) - 1;
    }
}
