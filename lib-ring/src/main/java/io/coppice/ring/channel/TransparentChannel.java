package io.coppice.ring.channel;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ConnectionPendingException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A Unix-domain channel of a program that knows nothing of acceleration. It is the JDK's channel
 * until it connects to a path that is accelerated; from then on that is the socket of an {@link
 * Endpoint}. The two ends agree on a thread of this package, as kernels complete connections, so
 * who does not wait is never held up.
 */
final class TransparentChannel extends SocketChannel implements Watched {
    private final CoppiceSelectorProvider provider;
    private final SocketChannel plain;
    private final Selectors selectors = new Selectors();
    private final ReentrantLock connecting = new ReentrantLock();

    /** Null while bytes go over the socket, or nowhere yet. */
    private volatile Endpoint endpoint;

    /** Null where there is none, or none any more; set under the lock. */
    private volatile Agreement agreement;

    private volatile boolean isPlainInUse;

    TransparentChannel(final CoppiceSelectorProvider provider, final SocketChannel plain) {
        super(provider);
        this.provider = provider;
        this.plain = plain;
    }

    /** Returns the channel of a connection that was accepted; it is blocking. */
    static TransparentChannel accepted(
            final CoppiceSelectorProvider provider, final AcceleratedChannel made)
            throws IOException {
        final Connection connection = made.connection();
        if (connection instanceof final Endpoint shared) {
            final TransparentChannel channel = new TransparentChannel(provider, shared.socket());
            channel.share(shared);
            return channel;
        }
        final SocketChannel socket = ((PlainConnection) connection).socket();
        socket.configureBlocking(true);
        return accepted(provider, socket);
    }

    /** Returns the channel of a socket that was accepted. */
    static TransparentChannel accepted(
            final CoppiceSelectorProvider provider, final SocketChannel socket) {
        final TransparentChannel channel = new TransparentChannel(provider, socket);
        channel.isPlainInUse = true;
        return channel;
    }

    private void share(final Endpoint shared) {
        shared.onBells(selectors::nudge);
        endpoint = shared;
        provider.countChannel();
    }

    @Override
    public boolean connect(final SocketAddress remote) throws IOException {
        try {
            checkFresh();
            if (!covers(remote)) {
                isPlainInUse = true;
                return plain.connect(remote);
            }
            // Where it cannot complete at once the socket says so as soon as it is written to.
            plain.connect(remote);
            begin(((UnixDomainSocketAddress) remote).getPath().toString());
        } catch (final IOException refused) {
            followSocket(refused);
            throw refused;
        }
        return isBlocking() && finishConnect();
    }

    private void checkFresh() throws IOException {
        connecting.lock();
        try {
            checkOpen();
            if (agreement != null) {
                throw new ConnectionPendingException();
            }
            if (endpoint != null) {
                throw new AlreadyConnectedException();
            }
        } finally {
            connecting.unlock();
        }
    }

    private boolean covers(final SocketAddress remote) {
        return remote instanceof final UnixDomainSocketAddress unix
                && provider.settings().acceleration().covers(unix.getPath());
    }

    private void begin(final String who) throws IOException {
        connecting.lock();
        try {
            checkOpen();
            plain.configureBlocking(false);
            agreement = new Agreement(plain, provider.settings(), who, selectors::nudge);
            agreement.start();
        } finally {
            connecting.unlock();
        }
    }

    /** The JDK closes a channel whose connect fails, or whose thread is interrupted. */
    private void followSocket(final IOException failed) throws IOException {
        if (!plain.isOpen() || failed instanceof ClosedByInterruptException) {
            close();
        }
    }

    @Override
    public boolean finishConnect() throws IOException {
        final Agreement pending = agreement;
        try {
            if (pending == null) {
                return finishPlain();
            }
            final Connection made = pending.result(isBlocking());
            if (made == null) {
                return false;
            }
            connecting.lock();
            try {
                checkOpen();
                if (agreement == pending) {
                    take(made);
                    agreement = null;
                }
            } finally {
                connecting.unlock();
            }
            return true;
        } catch (final IOException failed) {
            if (pending != null) {
                close();
            }
            followSocket(failed);
            throw failed;
        }
    }

    private boolean finishPlain() throws IOException {
        if (endpoint != null) {
            return true;
        }
        checkOpen();
        if (!isPlainInUse) {
            throw new NoConnectionPendingException();
        }
        return plain.finishConnect();
    }

    private void take(final Connection made) throws IOException {
        if (made instanceof final Endpoint shared) {
            share(shared);
        } else {
            plain.configureBlocking(isBlocking());
            isPlainInUse = true;
        }
    }

    @Override
    public boolean isConnected() {
        return endpoint != null || agreement == null && plain.isConnected();
    }

    @Override
    public boolean isConnectionPending() {
        return agreement != null || endpoint == null && plain.isConnectionPending();
    }

    @Override
    public int read(final ByteBuffer to) throws IOException {
        final Endpoint shared = connected();
        try {
            if (shared == null) {
                return plain.read(to);
            }
            final int count = shared.read(to, isBlocking() ? Connection.FOREVER : 0);
            if (count > 0) {
                provider.countRead(count);
            }
            return count;
        } catch (final ClosedByInterruptException interrupted) {
            close();
            throw interrupted;
        }
    }

    @Override
    public long read(final ByteBuffer[] to, final int offset, final int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, to.length);
        final Endpoint shared = connected();
        try {
            if (shared == null) {
                return plain.read(to, offset, length);
            }
            final long count = Vectors.read(shared, to, offset, length, isBlocking());
            if (count > 0) {
                provider.countRead(count);
            }
            return count;
        } catch (final ClosedByInterruptException interrupted) {
            close();
            throw interrupted;
        }
    }

    @Override
    public int write(final ByteBuffer from) throws IOException {
        final Endpoint shared = connected();
        try {
            if (shared == null) {
                return plain.write(from);
            }
            final int count = shared.write(from, isBlocking() ? Connection.FOREVER : 0);
            provider.countWritten(count);
            return count;
        } catch (final ClosedByInterruptException interrupted) {
            close();
            throw interrupted;
        }
    }

    @Override
    public long write(final ByteBuffer[] from, final int offset, final int length)
            throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        final Endpoint shared = connected();
        try {
            if (shared == null) {
                return plain.write(from, offset, length);
            }
            final long count = Vectors.write(shared, from, offset, length, isBlocking());
            provider.countWritten(count);
            return count;
        } catch (final ClosedByInterruptException interrupted) {
            close();
            throw interrupted;
        }
    }

    /** Returns null where bytes go over the socket, which says what else is wrong. */
    private Endpoint connected() throws IOException {
        checkOpen();
        if (agreement != null) {
            throw new NotYetConnectedException();
        }
        return endpoint;
    }

    @Override
    public SocketChannel shutdownInput() throws IOException {
        final Endpoint shared = connected();
        if (shared == null) {
            plain.shutdownInput();
        } else {
            shared.shutdownInput();
            selectors.nudge();
        }
        return this;
    }

    @Override
    public SocketChannel shutdownOutput() throws IOException {
        final Endpoint shared = connected();
        if (shared == null) {
            plain.shutdownOutput();
        } else {
            shared.shutdownOutput();
            selectors.nudge();
        }
        return this;
    }

    @Override
    protected void implCloseSelectableChannel() throws IOException {
        final Agreement pending;
        connecting.lock();
        try {
            pending = agreement;
        } finally {
            connecting.unlock();
        }
        final Endpoint shared = endpoint;
        if (pending != null) {
            pending.abandon();
        } else if (shared != null) {
            shared.close();
        }
        plain.close();
    }

    @Override
    protected void implConfigureBlocking(final boolean block) throws IOException {
        connecting.lock();
        try {
            if (agreement == null && endpoint == null) {
                plain.configureBlocking(block);
            }
        } finally {
            connecting.unlock();
        }
    }

    @Override
    public SocketChannel bind(final SocketAddress local) throws IOException {
        plain.bind(local);
        return this;
    }

    @Override
    public SocketAddress getLocalAddress() throws IOException {
        checkOpen();
        return plain.getLocalAddress();
    }

    @Override
    public SocketAddress getRemoteAddress() throws IOException {
        checkOpen();
        return plain.getRemoteAddress();
    }

    @Override
    public <T> SocketChannel setOption(final SocketOption<T> name, final T value)
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
    public Socket socket() {
        return plain.socket();
    }

    private void checkOpen() throws ClosedChannelException {
        if (!isOpen()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public SelectableChannel watchedSocket() {
        final Endpoint shared = endpoint;
        return shared != null || isPlainInUse ? plain : null;
    }

    @Override
    public int socketOps(final int ops) {
        final Endpoint shared = endpoint;
        if (shared == null) {
            return ops;
        }
        // An end of the socket would be told of again and again.
        return shared.hasBells() ? SelectionKey.OP_READ : 0;
    }

    @Override
    public boolean isPlain() {
        return endpoint == null;
    }

    @Override
    public int readyOps(final int ops) {
        final Endpoint shared = endpoint;
        if (shared != null) {
            return shared.readyOps(ops);
        }
        final Agreement pending = agreement;
        return pending != null && pending.isDone() ? ops & SelectionKey.OP_CONNECT : 0;
    }

    @Override
    public int park(final int ops) {
        final Endpoint shared = endpoint;
        return shared != null ? shared.park(ops) : readyOps(ops);
    }

    @Override
    public void unpark(final int ops) {
        final Endpoint shared = endpoint;
        // Another selector may sleep by the same tickets.
        if (shared == null || !selectors.isOne()) {
            return;
        }
        if ((ops & SelectionKey.OP_READ) != 0) {
            shared.unpark(true);
        }
        if ((ops & SelectionKey.OP_WRITE) != 0) {
            shared.unpark(false);
        }
    }

    @Override
    public void takeBells() {
        final Endpoint shared = endpoint;
        if (shared != null) {
            shared.takeBells();
        }
    }

    @Override
    public Selectors selectors() {
        return selectors;
    }

    @Override
    public String toString() {
        return (endpoint != null ? "accelerated " : "") + plain;
    }
}
