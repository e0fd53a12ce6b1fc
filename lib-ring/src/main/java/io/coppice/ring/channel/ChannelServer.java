package io.coppice.ring.channel;

import java.io.Closeable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Accepts {@link AcceleratedChannel}s on the path of a Unix-domain socket. As the kernel does, it
 * completes connections before they are accepted, up to the backlog, on threads of its own; so
 * connecting needs nobody in {@link #accept}, and a program that connects and says nothing, or
 * something else, holds up nobody and is cut off.
 *
 * <p>As with {@link ServerSocketChannel} the path must not exist when it is bound, and stays when
 * it is closed. For any thread.
 */
public final class ChannelServer implements Closeable {
    private static final System.Logger LOG = System.getLogger(ChannelServer.class.getName());
    private static final int BACKLOG = 128;

    private final ServerSocketChannel server;
    private final Path path;
    private final ChannelSettings settings;
    private final int backlog;
    private final boolean accelerated;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<AcceleratedChannel> ready = new ArrayDeque<>();
    private final Set<SocketChannel> pending = new HashSet<>();
    private volatile Runnable onReady = () -> {};
    private boolean closed;
    private IOException failure;
    private long refused;

    private ChannelServer(
            final ServerSocketChannel server,
            final Path path,
            final ChannelSettings settings,
            final int backlog) {
        this.server = server;
        this.path = path;
        this.settings = settings;
        this.backlog = backlog;
        this.accelerated = settings.acceleration().covers(path);
    }

    /** Binds with {@link ChannelSettings#defaults} and a backlog of 128. */
    public static ChannelServer bind(final Path path) throws IOException {
        return bind(path, ChannelSettings.defaults(), BACKLOG);
    }

    /**
     * Binds, and removes segments whose makers died while they had a name.
     *
     * @param backlog how many connections may wait to be accepted, at least 1
     * @throws IOException as of a socket
     */
    public static ChannelServer bind(
            final Path path, final ChannelSettings settings, final int backlog) throws IOException {
        if (backlog < 1) {
            throw new IllegalArgumentException("backlog " + backlog + ": must be at least 1");
        }
        final ServerSocketChannel server = JdkChannels.openServer();
        try {
            server.bind(UnixDomainSocketAddress.of(path), backlog);
            final ChannelServer made = new ChannelServer(server, path, settings, backlog);
            if (made.accelerated) {
                SegmentFile.sweep(settings.folder());
            }
            Thread.ofPlatform()
                    .daemon()
                    .name("coppice-channel-accept")
                    .start(made::acceptConnections);
            return made;
        } catch (final IOException | RuntimeException failed) {
            server.close();
            throw failed;
        }
    }

    /** Waits for a connection. */
    public AcceleratedChannel accept() throws IOException {
        return accept(Connection.FOREVER);
    }

    /**
     * Waits so long for a connection.
     *
     * @param timeoutNs in nanoseconds; 0 does not wait
     * @return the connection, or null where none came
     */
    public AcceleratedChannel accept(final long timeoutNs) throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new ClosedChannelException();
            }
            long left = timeoutNs;
            while (ready.isEmpty()) {
                if (failure != null) {
                    throw takeFailure();
                }
                if (left <= 0) {
                    return null;
                }
                if (timeoutNs == Connection.FOREVER) {
                    changed.await();
                } else {
                    left = changed.awaitNanos(left);
                }
                if (closed) {
                    throw new AsynchronousCloseException();
                }
            }
            final AcceleratedChannel next = ready.poll();
            changed.signalAll();
            return next;
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            close();
            final ClosedByInterruptException closing = new ClosedByInterruptException();
            closing.initCause(interrupted);
            throw closing;
        } finally {
            lock.unlock();
        }
    }

    /** Whoever accepts is told once; accepting then goes on, as it does with sockets. */
    private IOException takeFailure() {
        final IOException told = new IOException(path + ": " + failure.getMessage(), failure);
        failure = null;
        changed.signalAll();
        return told;
    }

    private void acceptConnections() {
        while (awaitRoom()) {
            try {
                final SocketChannel socket = server.accept();
                if (accelerated) {
                    begin(socket);
                } else {
                    put(new PlainConnection(socket));
                }
            } catch (final IOException failed) {
                fail(failed);
            }
        }
    }

    /** Closing it is no failure. */
    private void fail(final IOException failed) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            failure = failed;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        onReady.run();
    }

    /** Returns false once it is closed. */
    private boolean awaitRoom() {
        lock.lock();
        try {
            while (!closed && (failure != null || ready.size() + pending.size() >= backlog)) {
                changed.awaitUninterruptibly();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void begin(final SocketChannel socket) throws IOException {
        lock.lock();
        try {
            if (closed) {
                socket.close();
                return;
            }
            pending.add(socket);
        } finally {
            lock.unlock();
        }
        Thread.ofVirtual().name("coppice-channel-handshake").start(() -> agree(socket));
    }

    private void agree(final SocketChannel socket) {
        Connection made = null;
        try {
            made = Handshake.accept(socket, settings, path.toString());
        } catch (final IOException | RuntimeException failed) {
            LOG.log(Level.DEBUG, () -> path + ": a connection was refused: " + failed.getMessage());
            cutOff(socket);
        } finally {
            lock.lock();
            try {
                pending.remove(socket);
                if (made == null) {
                    refused++;
                }
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
        if (made != null) {
            put(made);
        }
    }

    private void cutOff(final SocketChannel socket) {
        try {
            socket.close();
        } catch (final IOException failed) {
            LOG.log(Level.DEBUG, () -> path + ": cannot be closed: " + failed.getMessage());
        }
    }

    private void put(final Connection made) {
        final AcceleratedChannel channel = new AcceleratedChannel(made, path);
        final boolean added;
        lock.lock();
        try {
            added = !closed && ready.add(channel);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (added) {
            onReady.run();
        } else {
            end(channel);
        }
    }

    private void end(final AcceleratedChannel channel) {
        try {
            channel.close();
        } catch (final IOException failed) {
            LOG.log(Level.DEBUG, () -> path + ": cannot be closed: " + failed.getMessage());
        }
    }

    /** Says who is to be told of each connection that can be accepted. */
    void onReady(final Runnable listener) {
        onReady = listener;
    }

    /** Returns whether {@link #accept} would not wait. */
    boolean isReady() {
        lock.lock();
        try {
            return !closed && (!ready.isEmpty() || failure != null);
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many connections failed in their handshake. */
    public long refused() {
        lock.lock();
        try {
            return refused;
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether its connections go through shared memory. */
    public boolean isAccelerated() {
        return accelerated;
    }

    /** Returns the path it is bound to. */
    public Path path() {
        return path;
    }

    /** Returns whether it was not closed. */
    public boolean isOpen() {
        return server.isOpen();
    }

    /**
     * Closes it and every connection that was not accepted; threads in {@link #accept} end with
     * {@link AsynchronousCloseException}.
     */
    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            changed.signalAll();
            server.close();
            pending.forEach(this::cutOff);
            ready.forEach(this::end);
            ready.clear();
        } finally {
            lock.unlock();
        }
    }
}
