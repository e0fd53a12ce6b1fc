package io.coppice.ring.channel;

import io.coppice.pool.Memory;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One end of a connection through shared memory. What was published before the end of the other is
 * delivered first.
 *
 * <p>As with a Unix-domain socket, the kernel's end says two things: where the other end had read
 * all of ours, the stream ends; where it had not, the connection was reset.
 *
 * <p>All access to the memory is under one of the two locks, and the closer unmaps with both of
 * them held, after whoever waited has left.
 */
final class Endpoint implements Connection {
    /** How often who never waits asks the kernel whether there is another end. */
    static final long LOOK_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Segment segment;
    private final Memory memory;
    private final Bells bells;
    private final long ownHalf;
    private final long peerHalf;
    private final ByteRingReader reader;
    private final ByteRingWriter writer;
    private final ParkTicket ownReadTicket;
    private final ParkTicket ownWriteTicket;
    private final ParkTicket peerReadTicket;
    private final ParkTicket peerWriteTicket;
    private final Waiter readWaiter;
    private final Waiter writeWaiter;
    private final ReentrantLock readLock = new ReentrantLock();
    private final ReentrantLock writeLock = new ReentrantLock();
    private final UnsafeBuffer readTo = new UnsafeBuffer(0, 0);
    private final UnsafeBuffer writeFrom = new UnsafeBuffer(0, 0);
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile boolean inputShut;
    private volatile boolean outputShut;
    private boolean wasReset;
    private long lookedNs = System.nanoTime();
    private long readLookedNs = lookedNs;

    /**
     * Takes over a segment and its socket.
     *
     * @param accepting which half is ours
     */
    Endpoint(
            final Segment segment,
            final SocketChannel socket,
            final boolean accepting,
            final long spinNs)
            throws IOException {
        this.segment = segment;
        this.memory = segment.memory();
        bells = new Bells(socket);
        ownHalf = SegmentLayout.half(accepting);
        peerHalf = SegmentLayout.half(!accepting);
        reader = new ByteRingReader(memory, accepting, segment.name());
        writer = new ByteRingWriter(memory, accepting, segment.name());
        ownReadTicket = new ParkTicket(memory, ownHalf + SegmentLayout.READ_TICKET);
        ownWriteTicket = new ParkTicket(memory, ownHalf + SegmentLayout.WRITE_TICKET);
        peerReadTicket = new ParkTicket(memory, peerHalf + SegmentLayout.READ_TICKET);
        peerWriteTicket = new ParkTicket(memory, peerHalf + SegmentLayout.WRITE_TICKET);
        readWaiter = new Waiter(this, bells, ownReadTicket, true, spinNs);
        writeWaiter = new Waiter(this, bells, ownWriteTicket, false, spinNs);
        bells.wakes(readWaiter, writeWaiter);
    }

    @Override
    public int read(final ByteBuffer to, final long timeoutNs) throws IOException {
        if (to.isReadOnly()) {
            throw new IllegalArgumentException("Read-only buffer");
        }
        readLock.lock();
        try {
            final int length = to.remaining();
            readTo.wrap(to, to.position(), length);
            final int count = receive(length, timeoutNs);
            if (count > 0) {
                to.position(to.position() + count);
            }
            return count;
        } finally {
            readLock.unlock();
        }
    }

    @Override
    public int read(final byte[] to, final int index, final int length, final long timeoutNs)
            throws IOException {
        readLock.lock();
        try {
            readTo.wrap(to, index, length);
            return receive(length, timeoutNs);
        } finally {
            readLock.unlock();
        }
    }

    private int receive(final int length, final long timeoutNs) throws IOException {
        checkOpen();
        checkInterrupt(timeoutNs);
        final long deadline = deadline(timeoutNs);
        while (true) {
            if (inputShut) {
                return -1;
            }
            // Looked at before the ring: what is published before either is seen by what follows.
            final boolean wasGone = bells.isPeerGone();
            final boolean wasEnded =
                    memory.getLongAcquire(peerHalf + SegmentLayout.OUTPUT_CLOSED) != 0;
            final int count = reader.read(readTo, 0, length);
            if (count > 0) {
                if (peerWriteTicket.takeBell()) {
                    bells.ring(true);
                }
                return count;
            }
            if (length == 0) {
                return 0;
            }
            if (wasGone && isReset()) {
                throw new SocketException("Connection reset");
            }
            if (wasEnded && !wasGone) {
                // The stream has ended; that it was reset as well is told first.
                bells.drain(true);
            }
            if (wasGone || wasEnded && !bells.isPeerGone()) {
                return -1;
            }
            if (wasEnded) {
                continue;
            }
            final boolean inTime;
            if (timeoutNs == 0) {
                drainIfDue();
                inTime = bells.isPeerGone();
            } else {
                inTime = readWaiter.await(timeoutNs, deadline);
            }
            checkClosedMeanwhile();
            checkInterrupt(timeoutNs);
            if (!inTime) {
                return 0;
            }
        }
    }

    /**
     * Who reads again and again without waiting asks the kernel now and then. An end that is closed
     * says so in memory just before, so that it is seen at once.
     */
    private void drainIfDue() {
        final long now = System.nanoTime();
        if (now - readLookedNs > LOOK_NS
                || memory.getLongAcquire(peerHalf + SegmentLayout.INPUT_CLOSED) != 0) {
            readLookedNs = now;
            bells.drain(true);
        }
    }

    /** The other end went with bytes of ours unread. */
    private boolean isReset() {
        wasReset |=
                memory.getLongVolatile(ownHalf + SegmentLayout.TAIL)
                        != memory.getLongVolatile(peerHalf + SegmentLayout.HEAD);
        return wasReset;
    }

    @Override
    public int write(final ByteBuffer from, final long timeoutNs) throws IOException {
        writeLock.lock();
        try {
            final int length = from.remaining();
            writeFrom.wrap(from, from.position(), length);
            final int count = send(length, timeoutNs);
            from.position(from.position() + count);
            return count;
        } finally {
            writeLock.unlock();
        }
    }

    @Override
    public int write(final byte[] from, final int index, final int length) throws IOException {
        writeLock.lock();
        try {
            writeFrom.wrap(from, index, length);
            return send(length, FOREVER);
        } finally {
            writeLock.unlock();
        }
    }

    private int send(final int length, final long timeoutNs) throws IOException {
        checkOpen();
        checkInterrupt(timeoutNs);
        if (outputShut) {
            throw new ClosedChannelException();
        }
        if (length == 0) {
            return 0;
        }
        final long now = System.nanoTime();
        if (now - lookedNs > LOOK_NS) {
            lookedNs = now;
            bells.drain(false);
        }
        int sent = 0;
        while (true) {
            if (bells.isPeerGone()
                    || memory.getLongAcquire(peerHalf + SegmentLayout.INPUT_CLOSED) != 0) {
                if (sent > 0) {
                    return sent;
                }
                throw new IOException("Broken pipe");
            }
            final int count = writer.write(writeFrom, sent, length - sent);
            sent += count;
            if (count > 0 && peerReadTicket.takeBell()) {
                bells.ring(false);
            }
            if (sent == length || timeoutNs == 0) {
                return sent;
            }
            if (count == 0) {
                writeWaiter.await(FOREVER, 0);
            }
            checkClosedMeanwhile();
            checkInterrupt(timeoutNs);
            if (outputShut) {
                if (sent > 0) {
                    return sent;
                }
                throw new AsynchronousCloseException();
            }
        }
    }

    /** Returns whether a direction need not wait. The direction's lock is held. */
    boolean isReady(final boolean reading) throws IOException {
        if (closed.get() || bells.isPeerGone()) {
            return true;
        }
        if (reading) {
            return inputShut
                    || memory.getLongAcquire(peerHalf + SegmentLayout.OUTPUT_CLOSED) != 0
                    || reader.hasBytes();
        }
        return outputShut
                || memory.getLongAcquire(peerHalf + SegmentLayout.INPUT_CLOSED) != 0
                || writer.hasRoom();
    }

    @Override
    public int available() throws IOException {
        checkOpen();
        // Whoever holds it reads just now, and nothing is sure to be left.
        if (!readLock.tryLock()) {
            return 0;
        }
        try {
            checkOpen();
            return inputShut ? 0 : reader.available();
        } finally {
            readLock.unlock();
        }
    }

    /**
     * Returns which of these operations would not wait; all where it is damaged, none where closed.
     */
    int readyOps(final int ops) {
        return look(ops, false);
    }

    /**
     * Asks for a bell on {@link #socket} once one of these becomes ready, then looks again.
     *
     * @return what is ready already; then do not wait
     */
    int park(final int ops) {
        return look(ops, true);
    }

    private int look(final int ops, final boolean parking) {
        final boolean reads = (ops & SelectionKey.OP_READ) != 0 && look(true, parking);
        final boolean writes = (ops & SelectionKey.OP_WRITE) != 0 && look(false, parking);
        return (reads ? SelectionKey.OP_READ : 0) | (writes ? SelectionKey.OP_WRITE : 0);
    }

    private boolean look(final boolean reading, final boolean parking) {
        final ReentrantLock lock = reading ? readLock : writeLock;
        lock.lock();
        try {
            if (closed.get()) {
                return false;
            }
            if (parking) {
                (reading ? ownReadTicket : ownWriteTicket).park();
            }
            return isReady(reading);
        } catch (final IOException damaged) {
            // Reading or writing says so.
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Asks for no bells any more, in one direction. */
    void unpark(final boolean reading) {
        lock(reading).lock();
        try {
            if (!closed.get()) {
                (reading ? ownReadTicket : ownWriteTicket).unpark();
            }
        } finally {
            lock(reading).unlock();
        }
    }

    /** Takes the bells that a selector found. */
    void takeBells() {
        readLock.lock();
        try {
            if (!closed.get() && !bells.isPeerGone()) {
                bells.drain(true);
            }
        } finally {
            readLock.unlock();
        }
    }

    /** Returns whether a bell may still come. */
    boolean hasBells() {
        return !bells.isPeerGone();
    }

    /** Says who else sleeps on the socket, to be called when a thread took bells from it. */
    void onBells(final Runnable others) {
        bells.wakesToo(others);
    }

    /** Returns the lock of a direction, for who does several steps as one. */
    ReentrantLock lock(final boolean reading) {
        return reading ? readLock : writeLock;
    }

    private void underLock(final boolean reading, final Runnable stores) throws IOException {
        final ReentrantLock lock = reading ? readLock : writeLock;
        lock.lock();
        try {
            checkOpen();
            stores.run();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void shutdownInput() throws IOException {
        checkOpen();
        inputShut = true;
        readWaiter.wake();
        underLock(
                true,
                () -> {
                    memory.putLongVolatile(ownHalf + SegmentLayout.INPUT_CLOSED, 1);
                    if (peerWriteTicket.takeBell()) {
                        bells.ring(true);
                    }
                });
    }

    @Override
    public void shutdownOutput() throws IOException {
        checkOpen();
        outputShut = true;
        writeWaiter.wake();
        underLock(
                false,
                () -> {
                    memory.putLongVolatile(ownHalf + SegmentLayout.OUTPUT_CLOSED, 1);
                    if (peerReadTicket.takeBell()) {
                        bells.ring(false);
                    }
                });
    }

    @Override
    public void close() throws IOException {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        readWaiter.wake();
        writeWaiter.wake();
        readLock.lock();
        writeLock.lock();
        try {
            // A writer sees it without a system call; all else is told by the end of the socket.
            memory.putLongVolatile(ownHalf + SegmentLayout.INPUT_CLOSED, 1);
            bells.socket().close();
            readWaiter.release();
            writeWaiter.release();
        } finally {
            segment.unmap();
            writeLock.unlock();
            readLock.unlock();
        }
    }

    @Override
    public boolean isOpen() {
        return !closed.get();
    }

    @Override
    public boolean isAccelerated() {
        return true;
    }

    /** Returns what bells come on and what tells of the other end; not to be read or written. */
    SocketChannel socket() {
        return bells.socket();
    }

    private static long deadline(final long timeoutNs) {
        return timeoutNs == 0 || timeoutNs == FOREVER ? 0 : System.nanoTime() + timeoutNs;
    }

    private void checkOpen() throws ClosedChannelException {
        if (closed.get()) {
            throw new ClosedChannelException();
        }
    }

    private void checkClosedMeanwhile() throws AsynchronousCloseException {
        if (closed.get()) {
            throw new AsynchronousCloseException();
        }
    }

    /** As with the JDK's channels an interrupt is nothing to who does not wait. */
    private void checkInterrupt(final long timeoutNs) throws IOException {
        if (timeoutNs != 0 && Thread.currentThread().isInterrupted()) {
            close();
            throw new ClosedByInterruptException();
        }
    }
}
