package io.coppice.ring.channel;

/**
 * The shared memory of one connection: two halves of words, each stored by one end alone, and two
 * rings of bytes. The first half and the first ring belong to the end that accepted.
 *
 * <pre>
 *      0  magic           "COPCHAN1"; stored last
 *      8  capacityBytes   of each ring, a power of two
 *     16  nonce           which connection this is; the handshake names it
 *    128  half of the end that accepted
 *    512  half of the end that connected
 *   1024  ring of the end that accepted
 *   1024 + capacityBytes  ring of the end that connected
 *
 *   half:
 *      0  tail            how many bytes this end has written into its ring
 *    128  head            how many bytes this end has read from the other ring
 *    256  readTicket      odd while this end sleeps until there are bytes
 *    264  writeTicket     odd while this end sleeps until there is room
 *    272  outputClosed    1 once this end writes no more
 *    280  inputClosed     1 once this end reads no more
 * </pre>
 *
 * Positions count bytes since the connection and never wrap; the place of a byte is its position
 * modulo the capacity. Words that change often lie two cache lines apart, since lines are fetched
 * in pairs.
 *
 * <p>Ordering. A writer copies bytes behind its {@code tail}, where nobody looks, and then stores
 * {@code tail} (volatile, hence released); the reader loads it (acquire) and copies the bytes out,
 * then stores its {@code head} (volatile); the writer loads that (acquire) before it overwrites
 * them. A death between any two stores leaves bytes that nobody sees, or a head that is too low:
 * the survivor reads what was published and learns of the death from the socket. {@code
 * outputClosed} is stored after the last {@code tail}, so who sees it and then loads {@code tail}
 * sees the end.
 *
 * <p>Sleeping. Who wants to sleep stores an odd ticket (volatile), looks once more, and then waits
 * for a byte on the socket. Who publishes stores its word (volatile) and then loads the ticket of
 * the other end (volatile). All four are in one total order, so either the sleeper sees the word or
 * the publisher sees the ticket, and rings. A ticket is rung once; a sleeper that is woken for
 * nothing takes the next odd one. A damaged ticket costs a bell too many or, to the end that
 * damaged it, one that never comes.
 */
public final class SegmentLayout {
    /** "COPCHAN1", read as a little-endian word. */
    static final long MAGIC = 0x314e_4148_4350_4f43L;

    static final int MAGIC_WORD = 0;
    static final int CAPACITY = 8;
    static final int NONCE = 16;

    static final int ACCEPTING_HALF = 128;
    static final int CONNECTING_HALF = 512;
    static final int RINGS = 1024;

    static final int TAIL = 0;
    static final int HEAD = 128;
    static final int READ_TICKET = 256;
    static final int WRITE_TICKET = 264;
    static final int OUTPUT_CLOSED = 272;
    static final int INPUT_CLOSED = 280;
    static final int HALF_BYTES = 384;

    static final int CAPACITY_LEAST = 64;
    static final int CAPACITY_MOST = 1 << 28;

    static {
        if (NONCE + Long.BYTES > ACCEPTING_HALF
                || INPUT_CLOSED + Long.BYTES > HALF_BYTES
                || ACCEPTING_HALF + HALF_BYTES != CONNECTING_HALF
                || CONNECTING_HALF + HALF_BYTES > RINGS) {
            throw new AssertionError("the parts of a segment do not fit together");
        }
    }

    private SegmentLayout() {}

    /** Returns how long a segment is, in bytes. */
    public static long bytes(final int capacityBytes) {
        return RINGS + 2L * capacityBytes;
    }

    /** Returns whether there are rings of so many bytes. */
    static boolean isCapacity(final long bytes) {
        return bytes >= CAPACITY_LEAST && bytes <= CAPACITY_MOST && Long.bitCount(bytes) == 1;
    }

    /** Returns where the words of one end are. */
    static long half(final boolean accepting) {
        return accepting ? ACCEPTING_HALF : CONNECTING_HALF;
    }

    /** Returns where the ring that one end writes begins. */
    static long ring(final boolean accepting, final long capacityBytes) {
        return accepting ? RINGS : RINGS + capacityBytes;
    }
}
