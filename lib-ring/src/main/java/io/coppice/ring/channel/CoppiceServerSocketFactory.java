package io.coppice.ring.channel;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Function;
import javax.net.ServerSocketFactory;

/**
 * Makes {@link AcceleratedServerSocket}s for libraries that bind to a host and port: either stands
 * for a path. For any thread.
 */
public final class CoppiceServerSocketFactory extends ServerSocketFactory {
    private static final int BACKLOG = 50;

    private final Function<InetSocketAddress, Path> paths;
    private final ChannelSettings settings;

    /**
     * Makes a factory whose sockets are bound to one path, whatever host and port they are told.
     */
    public CoppiceServerSocketFactory(final Path path) {
        this(address -> path, ChannelSettings.defaults());
    }

    /**
     * Makes a factory.
     *
     * @param paths which path a host and port stand for; asked by each socket when it is bound
     */
    public CoppiceServerSocketFactory(
            final Function<InetSocketAddress, Path> paths, final ChannelSettings settings) {
        this.paths = Objects.requireNonNull(paths);
        this.settings = Objects.requireNonNull(settings);
    }

    @Override
    public ServerSocket createServerSocket() throws IOException {
        return new AcceleratedServerSocket(paths, settings);
    }

    @Override
    public ServerSocket createServerSocket(final int port) throws IOException {
        return createServerSocket(port, BACKLOG);
    }

    @Override
    public ServerSocket createServerSocket(final int port, final int backlog) throws IOException {
        return createServerSocket(port, backlog, InetAddress.getLoopbackAddress());
    }

    @Override
    public ServerSocket createServerSocket(
            final int port, final int backlog, final InetAddress address) throws IOException {
        final ServerSocket socket = createServerSocket();
        try {
            socket.bind(new InetSocketAddress(address, port), backlog);
            return socket;
        } catch (final IOException | RuntimeException failed) {
            socket.close();
            throw failed;
        }
    }
}
