package io.coppice.bench;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A Unix domain socket to a child JVM. */
final class SocketRoundTrips implements RoundTrips {
    private static final long POLL_NS = 1_000_000;
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(30);

    private final Process child;
    private final SocketChannel channel;

    private SocketRoundTrips(final Process child, final SocketChannel channel) {
        this.child = child;
        this.channel = channel;
    }

    static SocketRoundTrips start(final Scratch scratch) throws IOException {
        final Path path = scratch.file("echo.sock");
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
            server.configureBlocking(false);
            final Process child =
                    scratch.start(
                            new ProcessBuilder(
                                            Commands.java(),
                                            "-XX:+UseSerialGC",
                                            "-cp",
                                            Commands.classPath(),
                                            EchoChild.class.getName(),
                                            path.toString())
                                    .redirectErrorStream(true)
                                    .redirectOutput(
                                            Redirect.to(scratch.file("socket.out").toFile())));
            return new SocketRoundTrips(child, accept(server, child));
        }
    }

    private static SocketChannel accept(final ServerSocketChannel server, final Process child)
            throws IOException {
        final long start = System.nanoTime();
        while (child.isAlive() && System.nanoTime() - start < PATIENCE_NS) {
            final SocketChannel channel = server.accept();
            if (channel != null) {
                channel.configureBlocking(true);
                return channel;
            }
            LockSupport.parkNanos(POLL_NS);
        }
        throw new BenchFailure(BenchFailure.BUG, "the child for the socket did not connect");
    }

    @Override
    public String subject() {
        return "Unix socket to a JVM";
    }

    @Override
    public long[] measure(final int rounds) throws IOException {
        final long[] ns = new long[rounds];
        final ByteBuffer request = ByteBuffer.allocateDirect(MESSAGE_BYTES);
        final ByteBuffer reply = ByteBuffer.allocateDirect(MESSAGE_BYTES);
        for (int round = 0; round < rounds; round++) {
            request.putLong(0, round).clear();
            reply.clear();
            final long start = System.nanoTime();
            while (request.hasRemaining()) {
                channel.write(request);
            }
            while (reply.hasRemaining()) {
                if (channel.read(reply) < 0) {
                    throw new BenchFailure(BenchFailure.BUG, "the child at the socket died");
                }
            }
            ns[round] = System.nanoTime() - start;
            if (reply.getLong(0) != round) {
                throw new BenchFailure(BenchFailure.BUG, "the socket's echo is another message");
            }
        }
        return ns;
    }

    @Override
    public void stop() throws IOException {
        channel.close();
        Scratch.endWithDescendants(child);
    }
}
