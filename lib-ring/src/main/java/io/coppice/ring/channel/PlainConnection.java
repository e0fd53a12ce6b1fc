package io.coppice.ring.channel;

import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/** A connection over the socket itself, where a path is not accelerated. */
final class PlainConnection implements Connection {
    private static final int AHEAD_BYTES = 1 << 13;

    private final SocketChannel socket;
    private final ReentrantLock readLock = new ReentrantLock();
    private final ReentrantLock writeLock = new ReentrantLock();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Selector readable;
    private volatile Selector writable;
    private volatile boolean inputShut;
    private volatile boolean outputShut;

    /** What {@link #available} has read ahead to count it; null until it is asked. */
    private ByteBuffer ahead;

    PlainConnection(final SocketChannel socket) throws IOException {
        this.socket = socket;
        socket.configureBlocking(false);
    }

    @Override
    public int read(final ByteBuffer to, final long timeoutNs) throws IOException {
        readLock.lock();
        try {
            checkInterrupt();
            final long deadline =
                    timeoutNs == FOREVER ? 0 : System.nanoTime() + Math.max(0, timeoutNs);
            while (true) {
                final int count = inputShut && socket.isOpen() ? -1 : receive(to);
                if (count != 0 || !to.hasRemaining()) {
                    return count;
                }
                if (timeoutNs == 0 || !await(true, timeoutNs, deadline)) {
                    return 0;
                }
            }
        } finally {
            readLock.unlock();
        }
    }

    private int receive(final ByteBuffer to) throws IOException {
        if (ahead == null || !ahead.hasRemaining()) {
            return socket.read(to);
        }
        if (!socket.isOpen()) {
            throw new ClosedChannelException();
        }
        final int count = Math.min(to.remaining(), ahead.remaining());
        to.put(to.position(), ahead, ahead.position(), count);
        to.position(to.position() + count);
        ahead.position(ahead.position() + count);
        return count;
    }

    @Override
    public int read(final byte[] to, final int index, final int length, final long timeoutNs)
            throws IOException {
        return read(ByteBuffer.wrap(to, index, length), timeoutNs);
    }

    @Override
    public int write(final ByteBuffer from, final long timeoutNs) throws IOException {
        writeLock.lock();
        try {
            checkInterrupt();
            int sent = 0;
            while (true) {
                try {
                    sent += socket.write(from);
                } catch (final AsynchronousCloseException closed) {
                    throw closed;
                } catch (final IOException broken) {
                    if (sent > 0 && socket.isOpen()) {
                        return sent;
                    }
                    throw broken;
                }
                if (!from.hasRemaining() || timeoutNs == 0) {
                    return sent;
                }
                await(false, FOREVER, 0);
                if (outputShut && sent > 0) {
                    return sent;
                }
            }
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    public int write(final byte[] from, final int index, final int length) throws IOException {
        return write(ByteBuffer.wrap(from, index, length), FOREVER);
    }

    private boolean await(final boolean reading, final long timeoutNs, final long deadlineNs)
            throws IOException {
        Selector selector = reading ? readable : writable;
        if (selector == null) {
            selector = JdkChannels.openSelector();
            socket.register(selector, reading ? SelectionKey.OP_READ : SelectionKey.OP_WRITE);
            if (reading) {
                readable = selector;
            } else {
                writable = selector;
            }
        }
        boolean inTime = true;
        // Whoever closes or shuts looks for the selector afterwards, so one of both sees the other.
        if (socket.isOpen() && !(reading ? inputShut : outputShut)) {
            long millis = 0;
            if (timeoutNs != FOREVER) {
                final long left = deadlineNs - System.nanoTime();
                inTime = left > 0;
                millis = TimeUnit.NANOSECONDS.toMillis(left) + 1;
            }
            if (inTime) {
                selector.select(millis);
                selector.selectedKeys().clear();
            }
        }
        if (!socket.isOpen()) {
            throw new AsynchronousCloseException();
        }
        checkInterrupt();
        return inTime;
    }

    private void checkInterrupt() throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            close();
            throw new ClosedByInterruptException();
        }
    }

    @Override
    public int available() throws IOException {
        if (!socket.isOpen()) {
            throw new ClosedChannelException();
        }
        // Whoever holds it reads just now, and nothing is sure to be left.
        if (inputShut || !readLock.tryLock()) {
            return 0;
        }
        try {
            if (ahead == null) {
                ahead = ByteBuffer.allocate(AHEAD_BYTES).flip();
            }
            ahead.compact();
            try {
                socket.read(ahead);
            } catch (final SocketException reset) {
                // The next read says so again.
                return ahead.position();
            } finally {
                ahead.flip();
            }
            return ahead.remaining();
        } finally {
            readLock.unlock();
        }
    }

    @Override
    public void shutdownInput() throws IOException {
        socket.shutdownInput();
        inputShut = true;
        wake(readable);
    }

    @Override
    public void shutdownOutput() throws IOException {
        socket.shutdownOutput();
        outputShut = true;
        wake(writable);
    }

    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        socket.close();
        wake(readable);
        wake(writable);
        // A registered socket is really closed with its selectors, which nobody waits on any more.
        readLock.lock();
        writeLock.lock();
        try {
            release(readable);
            release(writable);
        } finally {
            writeLock.unlock();
            readLock.unlock();
        }
    }

    private static void release(final Selector selector) throws IOException {
        if (selector != null) {
            selector.close();
        }
    }

    private static void wake(final Selector selector) {
        if (selector != null) {
            selector.wakeup();
        }
    }

    @Override
    public boolean isOpen() {
        return socket.isOpen();
    }

    @Override
    public boolean isAccelerated() {
        return false;
    }

    /** Returns what bytes go over, to be used instead of this. */
    SocketChannel socket() {
        return socket;
    }
}
