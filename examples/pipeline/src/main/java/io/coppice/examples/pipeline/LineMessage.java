package io.coppice.examples.pipeline;

/**
 * What the messages of both rings mean. The payload is bytes of a line, without its end. A line
 * longer than a message comes as several, each in its turn, so that a line may have any length.
 */
final class LineMessage {
    /** A part of a line; the next message goes on with it. */
    static final int PART = 1;

    /** A whole line, or the last part of one. */
    static final int LINE = 2;

    /** There is no more; no payload. */
    static final int END = 3;

    /** The longest part that the source sends. */
    static final int PART_BYTES_MAX = 1024;

    /** What the transform puts before a line at most: a number and a tab. */
    static final int PREFIX_BYTES_MAX = 20;

    /** How many messages one transaction publishes at most. */
    static final int MESSAGES_PER_COMMIT = 32;

    /**
     * A transaction of the longest messages fits twice, and some are there to be read meanwhile.
     */
    static final int RING_BYTES = 256 * 1024;

    /**
     * A writer that has room for so many bytes has it for a transaction of the longest messages.
     */
    static final int ROOM_BYTES = MESSAGES_PER_COMMIT * (PART_BYTES_MAX + PREFIX_BYTES_MAX + 24);

    private LineMessage() {}
}
