package io.coppice.ring.channel;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A connection, over whatever its bytes go. One thread may read and one write at a time, others
 * wait for them; closing and shutting down is for any thread. An interrupt closes the connection.
 */
interface Connection extends Closeable {
    /** Waits until something comes of it. */
    long FOREVER = Long.MAX_VALUE;

    /**
     * Reads what is there, waiting so many nanoseconds for the first byte.
     *
     * @return how many bytes, 0 where none came in time or none fits, -1 at the end of the stream
     */
    int read(ByteBuffer to, long timeoutNs) throws IOException;

    /** Does this as the other {@code read} does. */
    int read(byte[] to, int index, int length, long timeoutNs) throws IOException;

    /**
     * Writes all, waiting for room; or, where {@code timeoutNs} is 0, what there is room for.
     *
     * @param timeoutNs 0 or {@link #FOREVER}
     * @return how many bytes; fewer than there were only where it must not wait, or the other end
     *     went away meanwhile, of which the next write tells
     */
    int write(ByteBuffer from, long timeoutNs) throws IOException;

    /** Does this as the other {@code write} does, and always waits. */
    int write(byte[] from, int index, int length) throws IOException;

    /** Returns how many bytes can be read without waiting, at least. */
    int available() throws IOException;

    /** Reads no more: reads return -1, and the other end's writes fail. */
    void shutdownInput() throws IOException;

    /** Writes no more: the other end reads to here and then -1. */
    void shutdownOutput() throws IOException;

    /** Returns whether it was not closed here. */
    boolean isOpen();

    /** Returns whether bytes go through shared memory. */
    boolean isAccelerated();
}
