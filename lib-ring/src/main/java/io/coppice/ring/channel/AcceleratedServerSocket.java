package io.coppice.ring.channel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A {@link ServerSocket} over a {@link ChannelServer}, for libraries that take server sockets. It
 * is bound to a {@link UnixDomainSocketAddress}, or to a host and port that stand for a path. What
 * it accepts is an {@link AcceleratedSocket}. For any thread.
 */
public final class AcceleratedServerSocket extends ServerSocket {
    private static final int BACKLOG = 50;

    private final Function<InetSocketAddress, Path> paths;
    private final ChannelSettings settings;
    private volatile ChannelServer server;
    private volatile SocketAddress local;
    private volatile boolean closed;
    private volatile int timeoutMs;

    /**
     * Makes one that is not bound.
     *
     * @param paths which path a host and port stand for; asked when it is bound
     */
    public AcceleratedServerSocket(
            final Function<InetSocketAddress, Path> paths, final ChannelSettings settings)
            throws IOException {
        this.paths = Objects.requireNonNull(paths);
        this.settings = Objects.requireNonNull(settings);
    }

    @Override
    public void bind(final SocketAddress address) throws IOException {
        bind(address, BACKLOG);
    }

    @Override
    public synchronized void bind(final SocketAddress address, final int backlog)
            throws IOException {
        checkNotClosed();
        if (server != null) {
            throw new SocketException("Already bound");
        }
        final Path path;
        if (address instanceof final UnixDomainSocketAddress unix) {
            path = unix.getPath();
        } else if (address == null || address instanceof InetSocketAddress) {
            path = paths.apply((InetSocketAddress) address);
        } else {
            throw new IllegalArgumentException("Unsupported address type: " + address);
        }
        server = ChannelServer.bind(path, settings, backlog < 1 ? BACKLOG : backlog);
        local = address;
    }

    @Override
    public Socket accept() throws IOException {
        checkNotClosed();
        final ChannelServer there = server;
        if (there == null) {
            throw new SocketException("Socket is not bound yet");
        }
        final int millis = timeoutMs;
        try {
            final AcceleratedChannel channel =
                    there.accept(
                            millis == 0
                                    ? Connection.FOREVER
                                    : TimeUnit.MILLISECONDS.toNanos(millis));
            if (channel == null) {
                throw new SocketTimeoutException("Accept timed out");
            }
            return new AcceleratedSocket(channel, settings);
        } catch (final ClosedChannelException closing) {
            throw SocketInput.socketClosed(closing);
        }
    }

    private void checkNotClosed() throws SocketException {
        if (closed) {
            throw new SocketException("Socket is closed");
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (server != null) {
            server.close();
        }
    }

    @Override
    public boolean isBound() {
        return server != null;
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public InetAddress getInetAddress() {
        return server == null ? null : InetAddress.getLoopbackAddress();
    }

    /** Returns the port that stands for the path, 0 where none does, -1 before it is bound. */
    @Override
    public int getLocalPort() {
        if (server == null) {
            return -1;
        }
        return local instanceof final InetSocketAddress internet ? internet.getPort() : 0;
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return local;
    }

    /** Returns null: there is no channel of the kind that belongs to a server socket. */
    @Override
    public ServerSocketChannel getChannel() {
        return null;
    }

    @Override
    public void setSoTimeout(final int timeout) throws SocketException {
        checkNotClosed();
        if (timeout < 0) {
            throw new IllegalArgumentException("timeout < 0");
        }
        timeoutMs = timeout;
    }

    @Override
    public int getSoTimeout() throws IOException {
        checkNotClosed();
        return timeoutMs;
    }

    @Override
    public String toString() {
        return "AcceleratedServerSocket[" + (server == null ? "not bound" : server.path()) + "]";
    }
}
