package io.coppice.system.daemons;

/**
 * What the messages of a soak say: {@code origin}, the index of the source, then {@code id}, both
 * 64 bits.
 */
final class SoakMessage {
    /** An id, from 0, one more each. */
    static final int ID = 1;

    /** There are no more; the id is how many there were. */
    static final int END = 2;

    static final int ORIGIN = 0;
    static final int NUMBER = 8;
    static final int BYTES = 16;

    /** How many are used in one transaction at most. */
    static final int PER_COMMIT = 32;

    /** Small, so that writers have to wait and wrap often. */
    static final int RING_BYTES = 16 * 1024;

    /** Who has room for so many bytes has it for a transaction. */
    static final int ROOM_BYTES = PER_COMMIT * 2 * BYTES;

    private SoakMessage() {}
}
