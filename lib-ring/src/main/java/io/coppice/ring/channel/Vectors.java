package io.coppice.ring.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads into and writes from several buffers as one operation, which no other thread gets between.
 * What fails once some bytes have moved is told by the next operation.
 */
final class Vectors {
    private Vectors() {}

    /** Returns how many bytes were read, -1 at the end of the stream. */
    static long read(
            final Endpoint from,
            final ByteBuffer[] to,
            final int offset,
            final int length,
            final boolean mayWait)
            throws IOException {
        final ReentrantLock lock = from.lock(true);
        lock.lock();
        try {
            long sum = 0;
            for (int i = offset; i < offset + length; i++) {
                final boolean isLast = i == offset + length - 1;
                if (to[i].hasRemaining() || sum == 0 && isLast) {
                    final int count = read(from, to[i], sum > 0, mayWait);
                    if (count < 0) {
                        return sum == 0 ? count : sum;
                    }
                    sum += count;
                }
                if (to[i].hasRemaining()) {
                    break;
                }
            }
            return sum;
        } finally {
            lock.unlock();
        }
    }

    private static int read(
            final Endpoint from, final ByteBuffer to, final boolean isMore, final boolean mayWait)
            throws IOException {
        try {
            return from.read(to, mayWait && !isMore ? Connection.FOREVER : 0);
        } catch (final IOException failed) {
            if (isMore) {
                return -1;
            }
            throw failed;
        }
    }

    /** Returns how many bytes were written. */
    static long write(
            final Endpoint to,
            final ByteBuffer[] from,
            final int offset,
            final int length,
            final boolean mayWait)
            throws IOException {
        final ReentrantLock lock = to.lock(false);
        lock.lock();
        try {
            long sum = 0;
            for (int i = offset; i < offset + length; i++) {
                if (from[i].hasRemaining() || i == offset) {
                    sum += write(to, from[i], sum > 0, mayWait);
                }
                if (from[i].hasRemaining()) {
                    break;
                }
            }
            return sum;
        } finally {
            lock.unlock();
        }
    }

    private static int write(
            final Endpoint to, final ByteBuffer from, final boolean isMore, final boolean mayWait)
            throws IOException {
        try {
            return to.write(from, mayWait ? Connection.FOREVER : 0);
        } catch (final IOException failed) {
            if (isMore && to.isOpen()) {
                return 0;
            }
            throw failed;
        }
    }
}
