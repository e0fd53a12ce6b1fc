package io.coppice.ring.channel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;
import javax.net.SocketFactory;

/**
 * Makes {@link AcceleratedSocket}s for libraries that connect to a host and port: either stands for
 * a path. For any thread.
 */
public final class CoppiceSocketFactory extends SocketFactory {
    private final Function<InetSocketAddress, Path> paths;
    private final ChannelSettings settings;

    /**
     * Makes a factory whose sockets all connect to one path, whatever host and port they are told.
     */
    public CoppiceSocketFactory(final Path path) {
        this(address -> path, ChannelSettings.defaults());
    }

    /**
     * Makes a factory.
     *
     * @param paths which path a host and port stand for; asked by each socket when it connects
     */
    public CoppiceSocketFactory(
            final Function<InetSocketAddress, Path> paths, final ChannelSettings settings) {
        this.paths = Objects.requireNonNull(paths);
        this.settings = Objects.requireNonNull(settings);
    }

    @Override
    public Socket createSocket() throws IOException {
        return new AcceleratedSocket(paths, settings);
    }

    @Override
    public Socket createSocket(final String host, final int port) throws IOException {
        return connect(InetSocketAddress.createUnresolved(host, port));
    }

    @Override
    public Socket createSocket(
            final String host, final int port, final InetAddress localHost, final int localPort)
            throws IOException {
        return createSocket(host, port);
    }

    @Override
    public Socket createSocket(final InetAddress host, final int port) throws IOException {
        return connect(new InetSocketAddress(host, port));
    }

    @Override
    public Socket createSocket(
            final InetAddress host,
            final int port,
            final InetAddress localAddress,
            final int localPort)
            throws IOException {
        return createSocket(host, port);
    }

    private Socket connect(final InetSocketAddress address) throws IOException {
        final Socket socket = createSocket();
        try {
            socket.connect(address);
            return socket;
        } catch (final IOException | RuntimeException failed) {
            socket.close();
            throw failed;
        }
    }
}
