package io.coppice.pool.document;

/**
 * A document: a root block, which names the blocks that hold its values. All of a pool's blocks are
 * documents', and each begins with a header; a generation and a state that were once stored stay
 * where they are when a block is freed.
 *
 * <pre>
 *   every block
 *      0  generation   how often the block became a root; of a reference
 *      8  state        of a root: see below
 *     16  kind, index  32 bits each: ROOT and 0, or DATA and which of the document's it is
 *     24  owner        the document's reference
 *     32  body         of a data block
 *
 *   a root block
 *     32  mark         stamp of the transaction or savepoint that changed the document last
 *     64  heads[2]     64 bytes each
 *    192  lists[3]     of blocks, 32 bits each; each list begins at a multiple of 8
 *
 *   a head
 *      0  tag          of the root value
 *      8  payload
 *     16  end          positions below it are in use
 *     24  blocks       in the list
 *     32  freshFrom    positions from here on were written under the mark
 *     40  touchedTo    positions below it were named to the journal
 *     48  compactAt    end from which on a look for garbage is worth while
 *     56  flags        bits 0-1 which list, bit 2 released, bit 3 compacted by this transaction
 *
 *   state:  63      32 31       2    1       0
 *          +----------+----------+------+-------+
 *          |  moves   | version  | live | which |
 *          +----------+----------+------+-------+
 * </pre>
 *
 * {@code which} is the head that counts, {@code version} the commits, {@code moves} how often
 * blocks that a reader may be looking at were let go. A reference is {@code generation << 32 |
 * block}, and 0 is none.
 *
 * <p>The bodies of the data blocks, one behind the other, are the space of the document; a position
 * is an offset in it. All that lies there begins at a multiple of 8 and may run across blocks.
 *
 * <pre>
 *   value:  tag      type in bits 0-7; length in bytes in bits 32-63 of a text or bytes
 *           payload  the number, or the position of what does not fit here
 *   array:  size | capacity &lt;&lt; 32, then a value for each of the capacity
 *   table:  size | capacity &lt;&lt; 32, then an entry for each of the capacity, then where the capacity
 *           is above 8 an index of 32 bits a slot: 0, or 1 + entry; linear probing
 *   entry:  length of the key | hash &lt;&lt; 32, position of the key, value
 * </pre>
 */
public final class DocumentLayout {
    /** The smallest blocks that documents can live in, in bytes. */
    public static final int BLOCK_BYTES_MIN = 256;

    /** The most blocks of values in a document, however large the blocks are. */
    public static final int BLOCKS_MAX = 1024;

    /** The most bytes of a document, garbage included. */
    public static final int BYTES_MAX = 1 << 30;

    /** How deep arrays and tables can be nested. */
    public static final int DEPTH_MAX = 64;

    /** The longest key, in bytes of UTF-8. */
    public static final int KEY_BYTES_MAX = 1024;

    /** The most values of one array or table. */
    public static final int ENTRIES_MAX = 1 << 20;

    static final int GENERATION = 0;
    static final int STATE = 8;
    static final int KIND = 16;
    static final int OWNER = 24;
    static final int HEADER_BYTES = 32;

    static final int MARK = 32;
    static final int HEADS = 64;
    static final int HEAD_BYTES = 64;
    static final int LISTS = 192;
    static final int LIST_COUNT = 3;

    static final int HEAD_TAG = 0;
    static final int HEAD_PAYLOAD = 8;
    static final int HEAD_END = 16;
    static final int HEAD_BLOCKS = 24;
    static final int HEAD_FRESH_FROM = 32;
    static final int HEAD_TOUCHED_TO = 40;
    static final int HEAD_COMPACT_AT = 48;
    static final int HEAD_FLAGS = 56;

    static final long FLAG_LIST = 3;
    static final long FLAG_RELEASED = 4;
    static final long FLAG_MOVED = 8;

    /** "CDOC", and "CDAT". */
    static final long KIND_ROOT = 0x434F4443L;

    static final long KIND_DATA = 0x54414443L;

    static final int NODE_HEAD_BYTES = 8;
    static final int VALUE_BYTES = 16;
    static final int VALUE_PAYLOAD = 8;
    static final int ENTRY_BYTES = 32;
    static final int ENTRY_KEY = 8;
    static final int ENTRY_VALUE = 16;

    /** Tables that can hold more have an index. */
    static final int INDEX_ABOVE = 8;

    /** What a new array or table has room for. */
    static final int CAPACITY_MIN = 4;

    private static final int TYPE_MASK = 0xff;
    private static final long LIVE = 2;
    private static final int VERSION_SHIFT = 2;
    private static final long LOW_MASK = 0xFFFF_FFFFL;

    static {
        if (HEADS + 2 * HEAD_BYTES != LISTS
                || MARK + Long.BYTES > HEADS
                || HEAD_FLAGS + Long.BYTES != HEAD_BYTES
                || ENTRY_VALUE + VALUE_BYTES != ENTRY_BYTES
                || BLOCK_BYTES_MIN < LISTS + 2 * Long.BYTES * LIST_COUNT
                || ValueType.values().length > TYPE_MASK) {
            throw new AssertionError("the parts of a document must follow each other");
        }
    }

    private DocumentLayout() {}

    /** Returns how many bytes of values a block has. */
    static int body(final long blockBytes) {
        return (int) blockBytes - HEADER_BYTES;
    }

    /** Returns how many blocks of values a document can have. */
    static int listEntries(final long blockBytes) {
        final long room = (blockBytes - LISTS) / LIST_COUNT / Long.BYTES * 2;
        return (int) Math.min(Math.min(room, BLOCKS_MAX), (long) BYTES_MAX / body(blockBytes));
    }

    /** Returns where a list begins in its root block. */
    static long list(final long number, final int listEntries) {
        return LISTS + number * align((long) listEntries * Integer.BYTES);
    }

    /** Returns where the head that a state says counts begins in its root block, or the other. */
    static int head(final long state, final boolean other) {
        return HEADS + ((state & 1) == 1 != other ? HEAD_BYTES : 0);
    }

    static boolean isLive(final long state) {
        return (state & LIVE) != 0;
    }

    /** Returns the part of a state that is the same as long as no block was let go. */
    static long moves(final long state) {
        return state >>> Integer.SIZE;
    }

    /** Returns the state after the next commit. */
    static long next(final long state, final boolean live, final boolean moved) {
        final long moves = moves(state) + (moved ? 1 : 0);
        final long version = (state & LOW_MASK) + (1L << VERSION_SHIFT) & LOW_MASK;
        return moves << Integer.SIZE | version & -4L | (live ? LIVE : 0) | ~state & 1;
    }

    static long reference(final long generation, final int block) {
        return generation << Integer.SIZE | block;
    }

    static int block(final long reference) {
        return (int) reference;
    }

    static long generation(final long reference) {
        return reference >>> Integer.SIZE;
    }

    static long tag(final ValueType type, final int length) {
        return (long) length << Integer.SIZE | type.ordinal();
    }

    static int type(final long tag) {
        return (int) tag & TYPE_MASK;
    }

    static int length(final long tag) {
        return (int) (tag >>> Integer.SIZE);
    }

    static long nodeHead(final int size, final int capacity) {
        return (long) capacity << Integer.SIZE | size;
    }

    static int size(final long nodeHead) {
        return (int) nodeHead;
    }

    static int capacity(final long nodeHead) {
        return (int) (nodeHead >>> Integer.SIZE);
    }

    /** Returns how many slots the index of a table has. */
    static int indexSlots(final int capacity) {
        return capacity <= INDEX_ABOVE ? 0 : Integer.highestOneBit(capacity * 2 - 1) * 2;
    }

    /** Returns where the index of a table begins, from the table's position. */
    static long index(final int capacity) {
        return NODE_HEAD_BYTES + (long) capacity * ENTRY_BYTES;
    }

    /** Returns what an array or table takes in bytes, its keys and values not counted. */
    static long nodeBytes(final boolean isTable, final int capacity) {
        return isTable
                ? index(capacity) + (long) indexSlots(capacity) * Integer.BYTES
                : NODE_HEAD_BYTES + (long) capacity * VALUE_BYTES;
    }

    /** Returns where a value lies, from the position of its array or table. */
    static int value(final boolean isTable, final int entry) {
        return isTable
                ? NODE_HEAD_BYTES + entry * ENTRY_BYTES + ENTRY_VALUE
                : NODE_HEAD_BYTES + entry * VALUE_BYTES;
    }

    static long align(final long bytes) {
        return bytes + Long.BYTES - 1 & -Long.BYTES;
    }
}
