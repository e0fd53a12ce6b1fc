package io.coppice.ring.channel;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;

/**
 * A Unix-domain server of a program that knows nothing of acceleration. Where its path is
 * accelerated a {@link ChannelServer} accepts, which completes connections on threads of its own as
 * the kernel does: so a program may connect before it accepts, on one thread, and one that connects
 * and says nothing is never seen here.
 */
final class TransparentServerChannel extends ServerSocketChannel implements Watched {
    /** What the JDK takes where a program leaves it open. */
    private static final int BACKLOG = 50;

    private final CoppiceSelectorProvider provider;
    private final ServerSocketChannel plain;
    private final Selectors selectors = new Selectors();

    /** Null while it is not bound, or bound to a path that is not accelerated. */
    private volatile ChannelServer server;

    private volatile UnixDomainSocketAddress address;

    /** A socket that is not bound has nothing to be watched for. */
    private volatile boolean isPlainBound;

    TransparentServerChannel(
            final CoppiceSelectorProvider provider, final ServerSocketChannel plain) {
        super(provider);
        this.provider = provider;
        this.plain = plain;
    }

    @Override
    public ServerSocketChannel bind(final SocketAddress local, final int backlog)
            throws IOException {
        synchronized (selectors) {
            checkOpen();
            if (server != null) {
                throw new AlreadyBoundException();
            }
            if (local instanceof final UnixDomainSocketAddress unix
                    && plain.getLocalAddress() == null
                    && covers(unix)) {
                address = unix;
                final ChannelServer made =
                        ChannelServer.bind(
                                address.getPath(),
                                provider.settings(),
                                backlog < 1 ? BACKLOG : backlog);
                made.onReady(selectors::nudge);
                server = made;
            } else {
                plain.bind(local, backlog);
                isPlainBound = true;
            }
        }
        selectors.nudge();
        return this;
    }

    private boolean covers(final UnixDomainSocketAddress local) {
        return provider.settings().acceleration().covers(local.getPath());
    }

    @Override
    public SocketChannel accept() throws IOException {
        checkOpen();
        final ChannelServer accelerated = server;
        try {
            if (accelerated != null) {
                final AcceleratedChannel next =
                        accelerated.accept(isBlocking() ? Connection.FOREVER : 0);
                return next == null ? null : TransparentChannel.accepted(provider, next);
            }
            final SocketChannel next = plain.accept();
            return next == null ? null : TransparentChannel.accepted(provider, next);
        } catch (final ClosedByInterruptException interrupted) {
            close();
            throw interrupted;
        }
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
        checkOpen();
        return server != null ? address : plain.getLocalAddress();
    }

    /** Options of a path that is accelerated are kept and change nothing. */
    @Override
    public <T> ServerSocketChannel setOption(final SocketOption<T> name, final T value)
            throws IOException {
        plain.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(final SocketOption<T> name) throws IOException {
        return plain.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return plain.supportedOptions();
    }

    @Override
    public ServerSocket socket() {
        return plain.socket();
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        plain.close();
        synchronized (selectors) {
            final ChannelServer accelerated = server;
            if (accelerated != null) {
                accelerated.close();
            }
        }
    }

    @Override
    protected void implConfigureBlocking(final boolean block) throws IOException {
        plain.configureBlocking(block);
    }

    private void checkOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public SelectableChannel watchedSocket() {
        return isPlainBound ? plain : null;
    }

    @Override
    public boolean isPlain() {
        return server == null;
    }

    @Override
    public int readyOps(final int ops) {
        final ChannelServer accelerated = server;
        return accelerated != null && accelerated.isReady() ? ops & SelectionKey.OP_ACCEPT : 0;
    }

    @Override
    public int park(final int ops) {
        return readyOps(ops);
    }

    @Override
    public void unpark(final int ops) {
        // Nobody is asked: connections are told of as they come.
    }

    @Override
    public int socketOps(final int ops) {
        return server == null ? ops : 0;
    }

    @Override
    public void takeBells() {
        // None come.
    }

    @Override
    public Selectors selectors() {
        return selectors;
    }

    @Override
    public String toString() {
        return server == null ? plain.toString() : "accelerated " + address;
    }
}
