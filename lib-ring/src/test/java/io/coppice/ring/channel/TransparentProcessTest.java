package io.coppice.ring.channel;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Deaths, silent programs, and what selecting costs the garbage collector. */
@Timeout(120)
class TransparentProcessTest {
    @TempDir Path folder;

    private Path path() {
        return folder.resolve("socket");
    }

    @ParameterizedTest
    @EnumSource
    void aKilledPeerIsSelected(final Provided kind) throws Exception {
        final SelectorProvider provider = kind.open();
        try (ServerSocketChannel server = Provided.bind(provider, path());
                Selector selector = provider.openSelector();
                Child child = new Child(Peer.class, kind.name(), path().toString());
                SocketChannel near = server.accept()) {
            near.configureBlocking(false);
            near.register(selector, SelectionKey.OP_READ);
            child.awaitProgress(1);
            assertEquals(1, selector.select());
            assertEquals(3, near.read(ByteBuffer.allocate(9)));
            // It never reads this, so its end is a reset.
            near.write(ByteBuffer.allocate(5));
            selector.selectedKeys().clear();
            assertEquals(0, selector.selectNow());
            child.kill();
            assertEquals(1, selector.select());
            assertThrows(SocketException.class, () -> near.read(ByteBuffer.allocate(9)));
            final IOException broken =
                    assertThrows(IOException.class, () -> near.write(ByteBuffer.allocate(1)));
            assertEquals("Broken pipe", broken.getMessage());
        }
    }

    /** Connects, writes three bytes, and reads nothing until it is killed. */
    static final class Peer {
        private Peer() {}

        public static void main(final String[] arguments) throws Exception {
            try (SocketChannel channel =
                    Provided.connect(
                            Provided.valueOf(arguments[0]).open(), Path.of(arguments[1]))) {
                channel.write(ByteBuffer.allocate(3));
                System.out.write(1);
                System.out.flush();
                Thread.currentThread().join();
            }
        }
    }

    @Test
    void whoConnectsAndSaysNothingHoldsUpNobody() throws IOException {
        final SelectorProvider provider = Provided.ASLEEP.open();
        try (ServerSocketChannel server = Provided.bind(provider, path());
                Selector selector = provider.openSelector();
                SocketChannel silent = Provided.connect(JdkChannels.find(), path())) {
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
            assertEquals(0, selector.selectNow());
            assertNull(server.accept());
            try (SocketChannel near = Provided.connect(provider, path())) {
                assertEquals(1, selector.select());
                try (SocketChannel far = server.accept()) {
                    near.write(ByteBuffer.allocate(2));
                    assertEquals(2, far.read(ByteBuffer.allocate(9)));
                }
            }
            assertTrue(silent.isOpen());
        }
    }

    @Test
    void aServerThatSaysNothingHoldsUpNobodyWhoDoesNotWait() throws Exception {
        final ChannelSettings settings =
                ChannelSettings.defaults()
                        .with(Acceleration.all())
                        .withHandshake(TimeUnit.MILLISECONDS.toNanos(300));
        final SelectorProvider provider = new CoppiceSelectorProvider(settings);
        try (ServerSocketChannel silent = Provided.bind(JdkChannels.find(), path());
                Selector selector = provider.openSelector();
                SocketChannel near = provider.openSocketChannel(StandardProtocolFamily.UNIX)) {
            near.configureBlocking(false);
            assertEquals(false, near.connect(UnixDomainSocketAddress.of(path())));
            near.register(selector, SelectionKey.OP_CONNECT);
            assertEquals(false, near.finishConnect());
            assertTrue(near.isConnectionPending() && !near.isConnected());
            assertEquals(1, selector.select());
            final IOException refused = assertThrows(IOException.class, () -> near.finishConnect());
            assertTrue(refused.getMessage().contains("said nothing"), refused.getMessage());
            await().until(() -> !near.isOpen());
            assertTrue(silent.isOpen());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ACCELERATED", "ASLEEP"})
    void selectingReadingAndWritingAllocateNothing(final Provided kind) throws Exception {
        final SelectorProvider provider = kind.open();
        try (ServerSocketChannel server = Provided.bind(provider, path());
                Selector selector = provider.openSelector();
                SocketChannel near = Provided.connect(provider, path());
                SocketChannel far = server.accept()) {
            assertInstanceOf(TransparentChannel.class, near);
            final Thread answering = new Thread(() -> answer(far));
            answering.start();
            near.configureBlocking(false);
            near.register(selector, SelectionKey.OP_READ);
            final ByteBuffer[] out = {ByteBuffer.allocateDirect(60), ByteBuffer.allocate(40)};
            final ByteBuffer in = ByteBuffer.allocateDirect(100);
            final Consumer<SelectionKey> action = ready -> assertTrue(ready.isReadable());
            assertEquals(
                    0,
                    ChannelAllocationTest.allocatedBytes(
                            round -> {
                                try {
                                    out[0].clear();
                                    out[1].clear();
                                    assertEquals(100, near.write(out));
                                    in.clear();
                                    while (in.hasRemaining()) {
                                        assertEquals(1, selector.select(action));
                                        near.read(in);
                                    }
                                } catch (final IOException failed) {
                                    throw new UncheckedIOException(failed);
                                }
                            }));
            near.shutdownOutput();
            answering.join();
        }
    }

    private static void answer(final SocketChannel channel) {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(100);
        try {
            while (channel.read(buffer.clear()) > 0) {
                channel.write(buffer.flip());
            }
        } catch (final IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
