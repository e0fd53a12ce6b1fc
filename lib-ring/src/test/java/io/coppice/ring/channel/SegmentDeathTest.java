package io.coppice.ring.channel;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing is left of a segment, however its users go: in order, or by SIGKILL of either or both
 * while they connect, exchange and close again and again.
 */
@Timeout(300)
class SegmentDeathTest {
    private static final long SEED = 20261122;
    private static final int KILLS = 6;
    private static final int CONNECTIONS_BETWEEN = 60;

    @TempDir Path folder;

    private Path segments;

    private Path path;

    @BeforeEach
    void makeFolder() throws IOException {
        segments = Files.createDirectory(folder.resolve("segments"));
        path = folder.resolve("socket");
    }

    private static ChannelSettings settings(final Path segments) {
        return ChannelSettings.defaults()
                .with(Acceleration.all())
                .withCapacity(1 << 12)
                .withFolder(segments);
    }

    /** Answers one connection after the other; prints a byte for each. */
    static final class ServerMain {
        public static void main(final String[] args) throws IOException {
            final Path path = Path.of(args[0]);
            Files.deleteIfExists(path);
            try (ChannelServer server = ChannelServer.bind(path, settings(Path.of(args[1])), 4)) {
                print();
                final ByteBuffer buffer = ByteBuffer.allocate(8);
                while (true) {
                    try (AcceleratedChannel channel = server.accept()) {
                        while (channel.read(buffer.clear()) > 0) {
                            channel.write(buffer.flip());
                        }
                    } catch (final IOException killed) {
                        print();
                    }
                }
            }
        }
    }

    /** Connects, asks once and closes, again and again; prints a byte for each answer. */
    static final class ClientMain {
        public static void main(final String[] args) {
            final ByteBuffer buffer = ByteBuffer.allocate(8);
            while (true) {
                try (AcceleratedChannel channel =
                        AcceleratedChannel.connect(Path.of(args[0]), settings(Path.of(args[1])))) {
                    if (!channel.isAccelerated()) {
                        throw new AssertionError("could not make or map a segment");
                    }
                    channel.write(buffer.clear().putLong(0, 42));
                    if (channel.read(buffer.clear()) == 8 && buffer.getLong(0) == 42) {
                        print();
                    }
                } catch (final IOException killed) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    private static void print() {
        System.out.write('.');
        System.out.flush();
    }

    @Test
    void nothingIsLeftOfTheKilled() throws Exception {
        final Random random = new Random(SEED);
        Child server = new Child(ServerMain.class, path.toString(), segments.toString());
        Child client = null;
        int left = 0;
        try {
            server.awaitProgress(1);
            client = new Child(ClientMain.class, path.toString(), segments.toString());
            for (int i = 0; i < KILLS; i++) {
                client.awaitProgress(CONNECTIONS_BETWEEN + random.nextInt(40));
                final int victims = 1 + i % 3;
                if ((victims & 1) != 0) {
                    client.kill();
                }
                if ((victims & 2) != 0) {
                    server.kill();
                    left += names().size();
                    server = new Child(ServerMain.class, path.toString(), segments.toString());
                    server.awaitProgress(1);
                }
                if ((victims & 1) != 0) {
                    await().until(() -> names().isEmpty());
                    client = new Child(ClientMain.class, path.toString(), segments.toString());
                }
            }
            client.kill();
            await().until(() -> names().isEmpty());
            System.out.println(KILLS + " kills while connecting left " + left + " files to sweep");
        } finally {
            server.kill();
            if (client != null) {
                client.kill();
            }
        }
    }

    @Test
    void nothingIsLeftOfThoseWhoConnect() throws IOException {
        try (ChannelServer server = ChannelServer.bind(path, settings(segments), 4);
                AcceleratedChannel connected =
                        AcceleratedChannel.connect(path, settings(segments));
                AcceleratedChannel accepted = server.accept()) {
            assertTrue(connected.isAccelerated() && accepted.isAccelerated());
            assertEquals(List.of(), names());
        }
    }

    @Test
    void whoeverSpeaksSomethingElseIsCutOffAndHoldsUpNobody() throws Exception {
        final ChannelSettings settings =
                settings(segments).withHandshake(TimeUnit.MILLISECONDS.toNanos(200));
        try (ChannelServer server = ChannelServer.bind(path, settings, 4);
                SocketChannel silent = SocketChannel.open(UnixDomainSocketAddress.of(path));
                SocketChannel other = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            other.write(ByteBuffer.wrap("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
            try (AcceleratedChannel connected =
                            AcceleratedChannel.connect(path, settings(segments));
                    AcceleratedChannel accepted = server.accept()) {
                connected.write(ByteBuffer.wrap(new byte[] {1}));
                assertEquals(1, accepted.read(ByteBuffer.allocate(1)));
            }
            await().until(() -> server.refused() == 2);
            assertEquals(-1, silent.read(ByteBuffer.allocate(1)));
            assertNull(server.accept(0));
            assertEquals(List.of(), names());
        }
    }

    /** Makes a segment and never connects. */
    static final class MakerMain {
        public static void main(final String[] args) throws IOException, InterruptedException {
            try (SegmentFile file = SegmentFile.create(Path.of(args[0]), 1 << 12)) {
                print();
                Thread.currentThread().join();
                throw new AssertionError(file.path());
            }
        }
    }

    /** Answers one connection, or asks over one; prints a byte once that went over the socket. */
    static final class LockedOutMain {
        public static void main(final String[] args) throws IOException {
            final Path path = Path.of(args[1]);
            final ChannelSettings settings = settings(Path.of(args[2]));
            if ("connect".equals(args[0])) {
                try (AcceleratedChannel channel = AcceleratedChannel.connect(path, settings)) {
                    echo(channel);
                }
            } else {
                try (ChannelServer server = ChannelServer.bind(path, settings, 1)) {
                    print();
                    try (AcceleratedChannel channel = server.accept()) {
                        echo(channel);
                    }
                }
            }
        }

        private static void echo(final AcceleratedChannel channel) throws IOException {
            final ByteBuffer buffer = ByteBuffer.allocate(8);
            channel.read(buffer);
            channel.write(buffer.flip());
            if (!channel.isAccelerated()) {
                print();
            }
        }
    }

    @Test
    void whoeverIsNotLetAtMemoryConnectsOverTheSocket() throws IOException {
        try (ChannelServer server = ChannelServer.bind(path, settings(segments), 4);
                Child child =
                        new Child(
                                false,
                                LockedOutMain.class,
                                "connect",
                                path.toString(),
                                segments.toString());
                AcceleratedChannel accepted = server.accept()) {
            assertEcho(accepted);
            child.awaitProgress(1);
        }
    }

    @Test
    void whoeverIsNotLetAtMemoryAcceptsOverTheSocket() throws IOException {
        try (Child child =
                new Child(
                        false,
                        LockedOutMain.class,
                        "accept",
                        path.toString(),
                        segments.toString())) {
            child.awaitProgress(1);
            try (AcceleratedChannel connected =
                    AcceleratedChannel.connect(path, settings(segments))) {
                assertEcho(connected);
                child.awaitProgress(1);
            }
        }
    }

    @Test
    void whereNoSegmentCanBeMadeBytesGoOverTheSocket() throws IOException {
        final ChannelSettings nowhere = settings(folder.resolve("missing"));
        final ChannelSettings settings = nowhere.withHandshake(TimeUnit.SECONDS.toNanos(20));
        try (ChannelServer server = ChannelServer.bind(path, settings, 4);
                AcceleratedChannel connected = AcceleratedChannel.connect(path, settings);
                AcceleratedChannel accepted = server.accept()) {
            connected.write(ByteBuffer.wrap(new byte[] {1}));
            assertEquals(1, accepted.read(ByteBuffer.allocate(1)));
            assertTrue(!connected.isAccelerated() && !accepted.isAccelerated());
        }
    }

    private void assertEcho(final AcceleratedChannel channel) throws IOException {
        assertEquals(false, channel.isAccelerated());
        channel.write(ByteBuffer.wrap(new byte[] {1, 2}));
        assertEquals(2, channel.read(ByteBuffer.allocate(8)));
        assertEquals(List.of(), names());
    }

    @Test
    void onlyACertifiedDeathOfItsMakerRemovesAFile() throws IOException {
        try (Child maker = new Child(MakerMain.class, segments.toString());
                SegmentFile own = SegmentFile.create(segments, 1 << 12)) {
            maker.awaitProgress(1);
            assertEquals(0, SegmentFile.sweep(segments));
            assertEquals(2, names().size());
            maker.kill();
            assertEquals(2, names().size());
            ChannelServer.bind(path, settings(segments), 1).close();
            assertEquals(List.of(own.path().getFileName().toString()), names());
        }
        assertEquals(List.of(), names());
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(segments)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toList());
        }
    }
}
