package io.coppice.ring.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.ring.channel.Stream.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is seen of a process that is killed (SIGKILL) at the other end, over the JDK's own channel
 * and ours.
 */
@Timeout(120)
class PeerDeathTest {
    private static final int NUMBERS_BEFORE = 100_000;
    private static final int MORE_THAN_FITS = 4 << 20;

    @TempDir Path folder;

    /** Connects; then writes numbers for ever, or does nothing at all. */
    static final class PeerMain {
        public static void main(final String[] args) throws IOException, InterruptedException {
            final Kind kind = Kind.valueOf(args[0]);
            final Path path = Path.of(args[1]);
            try (Stream stream =
                    kind == Kind.JDK
                            ? Stream.of(SocketChannel.open(UnixDomainSocketAddress.of(path)))
                            : Stream.of(AcceleratedChannel.connect(path, Stream.settings(kind)))) {
                final ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES * 64);
                long next = 0;
                while ("write".equals(args[2])) {
                    buffer.clear();
                    while (buffer.hasRemaining()) {
                        buffer.putLong(next++);
                    }
                    stream.channel().write(buffer.flip());
                }
                Thread.currentThread().join();
            }
        }
    }

    /** Accepts one connection of a kind. */
    private record Listener(Closeable server, Accept accept) {
        interface Accept {
            Stream accept() throws IOException;
        }

        static Listener bind(final Kind kind, final Path path) throws IOException {
            if (kind == Kind.JDK) {
                final ServerSocketChannel server =
                        ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                server.bind(UnixDomainSocketAddress.of(path));
                return new Listener(server, () -> Stream.of(server.accept()));
            }
            final ChannelServer server = ChannelServer.bind(path, Stream.settings(kind), 4);
            return new Listener(server, () -> Stream.of(server.accept()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatItPublishedIsReadAndThenTheEnd(final Kind kind) throws Exception {
        final Path path = folder.resolve("socket");
        final Listener listener = Listener.bind(kind, path);
        try (Closeable server = listener.server();
                Child child = new Child(PeerMain.class, kind.name(), path.toString(), "write");
                Stream stream = listener.accept().accept()) {
            long next = read(stream, 0, NUMBERS_BEFORE);
            child.kill();
            next = read(stream, next, Long.MAX_VALUE);
            assertTrue(next >= NUMBERS_BEFORE);
            assertEquals(-1, stream.read(ByteBuffer.allocate(1)));
            assertTrue(server != null);
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytesThatItHadNotReadMakeItAReset(final Kind kind) throws Exception {
        final Path path = folder.resolve("socket");
        final Listener listener = Listener.bind(kind, path);
        try (Closeable server = listener.server();
                Child child = new Child(PeerMain.class, kind.name(), path.toString(), "idle");
                Stream stream = listener.accept().accept()) {
            assertEquals(1, stream.write((byte) 1));
            final FutureTask<Integer> reading =
                    new FutureTask<>(() -> stream.read(ByteBuffer.allocate(1)));
            new Thread(reading).start();
            child.kill();
            final Throwable failure =
                    assertThrows(java.util.concurrent.ExecutionException.class, reading::get)
                            .getCause();
            assertEquals(SocketException.class, failure.getClass());
            assertEquals("Connection reset", failure.getMessage());
            assertTrue(server != null);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWriterThatWaitsIsWokenAndThenThePipeIsBroken(final Kind kind) throws Exception {
        final Path path = folder.resolve("socket");
        final Listener listener = Listener.bind(kind, path);
        try (Closeable server = listener.server();
                Child child = new Child(PeerMain.class, kind.name(), path.toString(), "idle");
                Stream stream = listener.accept().accept()) {
            final FutureTask<Integer> writing =
                    new FutureTask<>(
                            () -> stream.channel().write(ByteBuffer.allocate(MORE_THAN_FITS)));
            new Thread(writing).start();
            child.kill();
            try {
                assertTrue(writing.get() < MORE_THAN_FITS);
            } catch (final java.util.concurrent.ExecutionException before) {
                assertEquals("Broken pipe", before.getCause().getMessage());
            }
            final IOException broken =
                    assertThrows(IOException.class, () -> stream.write((byte) 1));
            assertEquals("Broken pipe", broken.getMessage());
            assertTrue(server != null);
        }
    }

    /** Reads numbers in their order to the end or until there were enough; returns the next one. */
    private static long read(final Stream stream, final long first, final long enough)
            throws IOException {
        final ByteBuffer number = ByteBuffer.allocate(Long.BYTES);
        long next = first;
        while (next < enough) {
            number.clear();
            while (number.hasRemaining()) {
                if (stream.read(number) < 0) {
                    return next;
                }
            }
            assertEquals(next, number.getLong(0));
            next++;
        }
        return next;
    }
}
