package io.coppice.ring.channel;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.InterruptibleChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A stream of bytes in both directions to another program on this machine, by the path of a
 * Unix-domain socket. Where {@link Acceleration} covers the path, bytes go through shared memory,
 * and the socket beside it tells each end when the other has closed or died; elsewhere bytes go
 * over the socket. It behaves as a blocking {@link SocketChannel} does: what was sent before an end
 * is read before it, a reset is a {@link java.net.SocketException}, an interrupt closes the
 * channel.
 *
 * <p>One thread may read while another writes; more wait for each other. Closing and shutting down
 * is for any thread. Reading and writing allocate nothing where bytes go through shared memory.
 */
public final class AcceleratedChannel implements ByteChannel, InterruptibleChannel {
    private final Connection connection;
    private final Path path;

    AcceleratedChannel(final Connection connection, final Path path) {
        this.connection = connection;
        this.path = path;
    }

    /**
     * Connects with {@link ChannelSettings#defaults}.
     *
     * @throws IOException as of a socket, or where the other end does not accelerate the path
     */
    public static AcceleratedChannel connect(final Path path) throws IOException {
        return connect(path, ChannelSettings.defaults());
    }

    /**
     * Connects.
     *
     * @throws IOException as of a socket, or where the other end does not accelerate the path
     */
    public static AcceleratedChannel connect(final Path path, final ChannelSettings settings)
            throws IOException {
        final SocketChannel socket = JdkChannels.connect(UnixDomainSocketAddress.of(path));
        try {
            final Connection made =
                    settings.acceleration().covers(path)
                            ? Handshake.connect(socket, settings, path.toString())
                            : new PlainConnection(socket);
            return new AcceleratedChannel(made, path);
        } catch (final IOException | RuntimeException failed) {
            socket.close();
            throw failed;
        }
    }

    /**
     * Waits for bytes and reads what is there.
     *
     * @return how many, 0 where none fits, -1 at the end of the stream
     */
    @Override
    public int read(final ByteBuffer to) throws IOException {
        return connection.read(to, Connection.FOREVER);
    }

    /**
     * Reads what is there, waiting so long for the first byte.
     *
     * @param timeoutNs in nanoseconds; 0 does not wait
     * @return how many, 0 where none came in time or none fits, -1 at the end of the stream
     */
    public int read(final ByteBuffer to, final long timeoutNs) throws IOException {
        return connection.read(to, timeoutNs);
    }

    /**
     * Writes all, waiting for room.
     *
     * @return how many; fewer than there are only where the other end, or the output, was closed
     *     meanwhile
     */
    @Override
    public int write(final ByteBuffer from) throws IOException {
        return connection.write(from, Connection.FOREVER);
    }

    /**
     * Writes what there is room for and does not wait.
     *
     * @return how many bytes
     */
    public int tryWrite(final ByteBuffer from) throws IOException {
        return connection.write(from, 0);
    }

    /** Reads no more: reads return -1, and the other end's writes fail. */
    public void shutdownInput() throws IOException {
        connection.shutdownInput();
    }

    /** Writes no more: the other end reads to here and then -1. */
    public void shutdownOutput() throws IOException {
        connection.shutdownOutput();
    }

    @Override
    public boolean isOpen() {
        return connection.isOpen();
    }

    /** Returns whether bytes go through shared memory. */
    public boolean isAccelerated() {
        return connection.isAccelerated();
    }

    /** Returns the path of the socket. */
    public Path path() {
        return path;
    }

    /** Closes it; threads that wait in it end with {@code AsynchronousCloseException}. */
    @Override
    public void close() throws IOException {
        connection.close();
    }

    Connection connection() {
        return connection;
    }

    @Override
    public String toString() {
        return (isAccelerated() ? "accelerated " : "plain ") + path;
    }
}
