package io.coppice.bench.ring;

import io.coppice.ring.channel.AcceleratedChannel;
import io.coppice.ring.channel.Acceleration;
import io.coppice.ring.channel.ChannelServer;
import io.coppice.ring.channel.ChannelSettings;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A stream of bytes: what is sent at a time is one write, and a read takes what is there. Whoever
 * reads waits in the read.
 */
final class StreamEndpoint implements Endpoint {
    private static final int READ_BYTES = 64 * 1024;
    private static final String SOCKET = "socket";
    private static final long POLL_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

    private final Seat seat;
    private final WritableByteChannel out;
    private final ReadableByteChannel in;
    private final ByteBuffer outgoing;
    private final ByteBuffer incoming;
    private final UnsafeBuffer view;

    private StreamEndpoint(
            final Seat seat, final WritableByteChannel out, final ReadableByteChannel in) {
        this.seat = seat;
        this.out = out;
        this.in = in;
        this.outgoing = buffer(seat.messageBytes() * seat.batch());
        this.incoming = buffer(Math.max(READ_BYTES, 2 * seat.messageBytes())).limit(0);
        this.view = new UnsafeBuffer(incoming, 0, incoming.capacity());
    }

    private static ByteBuffer buffer(final int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    /** The JDK's channel over a Unix domain socket. */
    static StreamEndpoint socket(final Seat seat) throws IOException {
        final UnixDomainSocketAddress address =
                UnixDomainSocketAddress.of(seat.folder().resolve(SOCKET));
        final SocketChannel channel;
        if (seat.isFirst()) {
            channel = connect(() -> SocketChannel.open(address));
        } else {
            try (ServerSocketChannel server =
                    ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                server.bind(address);
                channel = server.accept();
            }
        }
        return new StreamEndpoint(seat, channel, channel);
    }

    private static <T> T connect(final Attempt<T> attempt) throws IOException {
        final long start = System.nanoTime();
        while (true) {
            // A channel that could not connect is closed, so each attempt has its own.
            try {
                return attempt.make();
            } catch (final IOException notYet) {
                if (System.nanoTime() - start > PATIENCE_NS) {
                    throw notYet;
                }
                LockSupport.parkNanos(POLL_NS);
            }
        }
    }

    /**
     * A channel through shared memory, whose other end is another process.
     *
     * @param spinNs how long whoever waits looks before it sleeps
     */
    static StreamEndpoint channel(final Seat seat, final long spinNs) throws IOException {
        final Path path = seat.folder().resolve(SOCKET);
        final ChannelSettings settings =
                ChannelSettings.defaults().with(Acceleration.all()).withSpin(spinNs);
        final AcceleratedChannel channel;
        if (seat.isFirst()) {
            channel = connect(() -> AcceleratedChannel.connect(path, settings));
        } else {
            try (ChannelServer server = ChannelServer.bind(path, settings, 1)) {
                channel = server.accept();
            }
        }
        if (!channel.isAccelerated()) {
            throw new IOException("the channel goes through the socket");
        }
        return new StreamEndpoint(seat, channel, channel);
    }

    /** Named pipes, one for each direction. */
    static StreamEndpoint pipe(final Seat seat) throws IOException {
        // Opening one waits for the other side to open it too: both take them in the same order.
        final FileChannel first = pipe(seat, "there", seat.isFirst());
        final FileChannel second = seat.bothWays() ? pipe(seat, "back", !seat.isFirst()) : null;
        return seat.isFirst()
                ? new StreamEndpoint(seat, first, second)
                : new StreamEndpoint(seat, second, first);
    }

    private static FileChannel pipe(final Seat seat, final String name, final boolean writes)
            throws IOException {
        return FileChannel.open(
                seat.folder().resolve(name),
                writes ? StandardOpenOption.WRITE : StandardOpenOption.READ);
    }

    /** Makes the pipes, by the program that every Unix has. */
    static void layOutPipes(final Path folder) throws IOException {
        final Process made =
                new ProcessBuilder(
                                "mkfifo",
                                "-m",
                                "600",
                                folder.resolve("there").toString(),
                                folder.resolve("back").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("mkfifo.out").toFile())
                        .start();
        try {
            if (!made.waitFor(PATIENCE_NS, TimeUnit.NANOSECONDS) || made.exitValue() != 0) {
                made.destroyForcibly();
                // One line for each pipe that could not be made; the first will do.
                throw new IOException(
                        Files.readString(folder.resolve("mkfifo.out"))
                                .lines()
                                .findFirst()
                                .orElse("mkfifo failed and said nothing"));
            }
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("mkfifo was interrupted", interrupted);
        }
    }

    @Override
    public void send(final long first, final int count) throws IOException {
        final int stride = MessageCheck.strideBytes(seat.messageBytes());
        outgoing.clear();
        for (int i = 0; i < count; i++) {
            final int begin = i * seat.messageBytes();
            for (int at = 0; at < seat.messageBytes(); at += stride) {
                outgoing.putLong(begin + at, first + i + at / Long.BYTES);
            }
        }
        outgoing.position(count * seat.messageBytes());
        outgoing.flip();
        while (outgoing.hasRemaining()) {
            out.write(outgoing);
        }
    }

    @Override
    public int receive(final MessageCheck check, final int limit) throws IOException {
        if (incoming.remaining() < seat.messageBytes()) {
            incoming.compact();
            final int read = in.read(incoming);
            incoming.flip();
            if (read < 0) {
                throw new IOException("the other side is gone");
            }
        }
        int count = 0;
        while (count < limit && incoming.remaining() >= seat.messageBytes()) {
            check.take(view, incoming.position(), seat.messageBytes());
            incoming.position(incoming.position() + seat.messageBytes());
            count++;
        }
        return count;
    }

    @Override
    public void idle(final Waiting waiting) {
        // A read has waited.
    }

    /** Connects once. */
    private interface Attempt<T> {
        T make() throws IOException;
    }
}
