package io.coppice.ring.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * The socket of a connection through shared memory. A byte on it is a bell and means no more than
 * "look again"; its end is the kernel's word that the other end closed it or died. Each direction
 * has its own buffers, so both may call at once.
 */
final class Bells {
    private static final int BELLS = 64;

    /** More bells than an honest end rings; the rest is taken the next time. */
    private static final int TAKES_MOST = 16;

    private final SocketChannel socket;
    private final ByteBuffer readerTakes = ByteBuffer.allocateDirect(BELLS);
    private final ByteBuffer writerTakes = ByteBuffer.allocateDirect(BELLS);
    private final ByteBuffer readerRings = ByteBuffer.allocateDirect(1);
    private final ByteBuffer writerRings = ByteBuffer.allocateDirect(1);
    private volatile boolean peerGone;
    private volatile Waiter reader;
    private volatile Waiter writer;
    private volatile Runnable others = () -> {};

    Bells(final SocketChannel socket) throws IOException {
        this.socket = socket;
        socket.configureBlocking(false);
    }

    /** Says who is to be woken; before anyone waits. */
    void wakes(final Waiter readWaiter, final Waiter writeWaiter) {
        reader = readWaiter;
        writer = writeWaiter;
    }

    /** Says who sleeps on the socket beside those two; for any thread. */
    void wakesToo(final Runnable sleepers) {
        others = sleepers;
    }

    /** Returns whether the other end closed the socket or died. */
    boolean isPeerGone() {
        return peerGone;
    }

    SocketChannel socket() {
        return socket;
    }

    /**
     * Takes the bells and sees whether the other end is there. They are for both directions,
     * whoever takes them.
     *
     * @param reading which direction this thread has the lock of
     */
    void drain(final boolean reading) {
        final ByteBuffer takes = reading ? readerTakes : writerTakes;
        boolean any = false;
        int count = takes.capacity();
        for (int take = 0; take < TAKES_MOST && count == takes.capacity(); take++) {
            takes.clear();
            try {
                count = socket.read(takes);
            } catch (final IOException reset) {
                // Unread bells make the kernel call an end a reset; the segment says which it is.
                count = -1;
            }
            any |= count != 0;
        }
        if (count < 0) {
            peerGone = true;
        }
        if (any) {
            (reading ? writer : reader).wake();
            others.run();
        }
    }

    /**
     * Rings once. A full socket holds bells that the other end has not taken yet, so one more is
     * not missed.
     */
    void ring(final boolean reading) {
        final ByteBuffer rings = reading ? readerRings : writerRings;
        rings.clear();
        try {
            socket.write(rings);
        } catch (final IOException broken) {
            peerGone = true;
            reader.wake();
            writer.wake();
        }
    }
}
