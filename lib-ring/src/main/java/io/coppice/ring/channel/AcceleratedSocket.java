package io.coppice.ring.channel;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;

/**
 * A {@link Socket} over an {@link AcceleratedChannel}, for libraries that take sockets. It connects
 * to a {@link UnixDomainSocketAddress}, or to a host and port that stand for a path.
 *
 * <p>Addresses that it gives are the ones it was given, and the loopback address otherwise. Options
 * that have a meaning for TCP alone, lingering among them, are kept and have none here; an
 * interrupt closes the socket. The rest is what {@link Socket} says. For any thread.
 */
public final class AcceleratedSocket extends Socket {
    private final Function<InetSocketAddress, Path> paths;
    private final ChannelSettings settings;
    private final SocketOptionValues options = new SocketOptionValues();
    private volatile AcceleratedChannel channel;
    private volatile SocketAddress remote;
    private volatile boolean closed;
    private volatile boolean inputShut;
    private volatile boolean outputShut;
    private InputStream input;
    private OutputStream output;

    /**
     * Makes a socket that is not connected.
     *
     * @param paths which path a host and port stand for; asked when it connects
     */
    public AcceleratedSocket(
            final Function<InetSocketAddress, Path> paths, final ChannelSettings settings)
            throws SocketException {
        super((SocketImpl) null);
        this.paths = Objects.requireNonNull(paths);
        this.settings = Objects.requireNonNull(settings);
    }

    /** Wraps a channel that is connected. */
    AcceleratedSocket(final AcceleratedChannel channel, final ChannelSettings settings)
            throws SocketException {
        this(address -> channel.path(), settings);
        this.channel = channel;
        this.remote = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @Override
    public void connect(final SocketAddress endpoint) throws IOException {
        connect(endpoint, 0);
    }

    /**
     * Connects.
     *
     * @param timeout in milliseconds, 0 for that of the settings: how long a handshake may take
     */
    @Override
    public void connect(final SocketAddress endpoint, final int timeout) throws IOException {
        if (timeout < 0) {
            throw new IllegalArgumentException("connect: timeout can't be negative");
        }
        final Path path = path(endpoint);
        synchronized (options) {
            checkNotClosed();
            if (channel != null) {
                throw new SocketException("already connected");
            }
        }
        final AcceleratedChannel made =
                AcceleratedChannel.connect(
                        path,
                        timeout == 0 ? settings : settings.withHandshake(timeout * 1_000_000L));
        synchronized (options) {
            if (!closed && channel == null) {
                remote = endpoint;
                channel = made;
                return;
            }
        }
        made.close();
        throw new SocketException("Socket closed");
    }

    private Path path(final SocketAddress endpoint) {
        if (endpoint instanceof final UnixDomainSocketAddress unix) {
            return unix.getPath();
        }
        if (endpoint instanceof final InetSocketAddress internet) {
            return paths.apply(internet);
        }
        throw new IllegalArgumentException("Unsupported address type: " + endpoint);
    }

    @Override
    public InputStream getInputStream() throws IOException {
        final AcceleratedChannel there = connected();
        if (inputShut) {
            throw new SocketException("Socket input is shutdown");
        }
        synchronized (options) {
            if (input == null) {
                input = new SocketInput(this, there.connection(), options);
            }
            return input;
        }
    }

    @Override
    public OutputStream getOutputStream() throws IOException {
        final AcceleratedChannel there = connected();
        if (outputShut) {
            throw new SocketException("Socket output is shutdown");
        }
        synchronized (options) {
            if (output == null) {
                output = new SocketOutput(this, there.connection());
            }
            return output;
        }
    }

    @Override
    public void shutdownInput() throws IOException {
        final AcceleratedChannel there = connected();
        if (inputShut) {
            throw new SocketException("Socket input is already shutdown");
        }
        inputShut = true;
        there.shutdownInput();
    }

    @Override
    public void shutdownOutput() throws IOException {
        final AcceleratedChannel there = connected();
        if (outputShut) {
            throw new SocketException("Socket output is already shutdown");
        }
        outputShut = true;
        there.shutdownOutput();
    }

    @Override
    public void close() throws IOException {
        final AcceleratedChannel there;
        synchronized (options) {
            closed = true;
            there = channel;
        }
        if (there != null) {
            there.close();
        }
    }

    private AcceleratedChannel connected() throws SocketException {
        checkNotClosed();
        final AcceleratedChannel there = channel;
        if (there == null) {
            throw new SocketException("Socket is not connected");
        }
        return there;
    }

    private void checkNotClosed() throws SocketException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
    }

    /** Returns whether bytes go through shared memory; false until it is connected. */
    public boolean isAccelerated() {
        final AcceleratedChannel there = channel;
        return there != null && there.isAccelerated();
    }

    @Override
    public boolean isConnected() {
        return channel != null;
    }

    @Override
    public boolean isBound() {
        return channel != null;
    }

    @Override
    public boolean isClosed() {
        final AcceleratedChannel there = channel;
        return closed || there != null && !there.isOpen();
    }

    @Override
    public boolean isInputShutdown() {
        return inputShut;
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShut;
    }

    /** Does nothing: an end that connects has no address of its own. */
    @Override
    public void bind(final SocketAddress address) throws IOException {
        checkNotClosed();
    }

    @Override
    public InetAddress getInetAddress() {
        if (channel == null) {
            return null;
        }
        return remote instanceof final InetSocketAddress internet && !internet.isUnresolved()
                ? internet.getAddress()
                : InetAddress.getLoopbackAddress();
    }

    @Override
    public int getPort() {
        return channel != null && remote instanceof final InetSocketAddress internet
                ? internet.getPort()
                : 0;
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return channel == null ? null : remote;
    }

    @Override
    public InetAddress getLocalAddress() {
        return InetAddress.getLoopbackAddress();
    }

    @Override
    public int getLocalPort() {
        return channel == null ? -1 : 0;
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return channel == null ? null : new InetSocketAddress(getLocalAddress(), 0);
    }

    /** Returns null: there is no channel of the kind that belongs to a socket. */
    @Override
    public SocketChannel getChannel() {
        return null;
    }

    @Override
    public void setSoTimeout(final int timeout) throws SocketException {
        checkNotClosed();
        options.setTimeout(timeout);
    }

    @Override
    public int getSoTimeout() throws SocketException {
        checkNotClosed();
        return options.timeout();
    }

    @Override
    public <T> Socket setOption(final SocketOption<T> name, final T value) throws IOException {
        checkNotClosed();
        options.set(name, value);
        return this;
    }

    @Override
    public <T> T getOption(final SocketOption<T> name) throws IOException {
        checkNotClosed();
        return options.get(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return SocketOptionValues.SUPPORTED;
    }

    @Override
    public void setTcpNoDelay(final boolean value) throws SocketException {
        checkNotClosed();
        options.set(StandardSocketOptions.TCP_NODELAY, value);
    }

    @Override
    public boolean getTcpNoDelay() throws SocketException {
        checkNotClosed();
        return options.get(StandardSocketOptions.TCP_NODELAY);
    }

    @Override
    public void setKeepAlive(final boolean value) throws SocketException {
        checkNotClosed();
        options.set(StandardSocketOptions.SO_KEEPALIVE, value);
    }

    @Override
    public boolean getKeepAlive() throws SocketException {
        checkNotClosed();
        return options.get(StandardSocketOptions.SO_KEEPALIVE);
    }

    @Override
    public void setReuseAddress(final boolean value) throws SocketException {
        checkNotClosed();
        options.set(StandardSocketOptions.SO_REUSEADDR, value);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        checkNotClosed();
        return options.get(StandardSocketOptions.SO_REUSEADDR);
    }

    @Override
    public void setSendBufferSize(final int value) throws SocketException {
        checkNotClosed();
        options.setBuffer(StandardSocketOptions.SO_SNDBUF, value);
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        checkNotClosed();
        return options.buffer(StandardSocketOptions.SO_SNDBUF, settings);
    }

    @Override
    public void setReceiveBufferSize(final int value) throws SocketException {
        checkNotClosed();
        options.setBuffer(StandardSocketOptions.SO_RCVBUF, value);
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        checkNotClosed();
        return options.buffer(StandardSocketOptions.SO_RCVBUF, settings);
    }

    @Override
    public void setTrafficClass(final int value) throws SocketException {
        checkNotClosed();
        options.set(StandardSocketOptions.IP_TOS, value);
    }

    @Override
    public int getTrafficClass() throws SocketException {
        checkNotClosed();
        return options.get(StandardSocketOptions.IP_TOS);
    }

    @Override
    public void setSoLinger(final boolean on, final int linger) throws SocketException {
        checkNotClosed();
        if (on && linger < 0) {
            throw new IllegalArgumentException("invalid value for SO_LINGER");
        }
        options.set(StandardSocketOptions.SO_LINGER, on ? linger : -1);
    }

    @Override
    public int getSoLinger() throws SocketException {
        checkNotClosed();
        return options.get(StandardSocketOptions.SO_LINGER);
    }

    @Override
    public void setOOBInline(final boolean on) throws SocketException {
        checkNotClosed();
        options.setInline(on);
    }

    @Override
    public boolean getOOBInline() throws SocketException {
        checkNotClosed();
        return options.inline();
    }

    /** Refuses: there is no urgent byte beside the stream. */
    @Override
    public void sendUrgentData(final int data) throws IOException {
        throw new SocketException("Urgent data not supported");
    }

    @Override
    public String toString() {
        final AcceleratedChannel there = channel;
        return "AcceleratedSocket[" + (there == null ? "not connected" : there) + "]";
    }
}
