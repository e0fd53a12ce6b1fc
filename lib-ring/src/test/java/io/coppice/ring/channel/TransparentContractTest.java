package io.coppice.ring.channel;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What channels of the JDK do, held against those of our provider. The JDK is one of the kinds, so
 * that nothing is asked here that it does not do.
 */
@Timeout(60)
class TransparentContractTest {
    @TempDir Path folder;

    private SelectorProvider provider;
    private ServerSocketChannel server;
    private SocketChannel near;
    private SocketChannel far;

    private void bind(final Provided kind) throws IOException {
        provider = kind.open();
        server = Provided.bind(provider, path());
    }

    private Path path() {
        return folder.resolve("socket");
    }

    /** On one thread, as kernels let programs do. */
    private void connect(final Provided kind) throws IOException {
        bind(kind);
        near = Provided.connect(provider, path());
        far = server.accept();
    }

    @AfterEach
    void close() throws IOException {
        for (final Channel open : new Channel[] {near, far, server}) {
            if (open != null) {
                open.close();
            }
        }
    }

    private static ByteBuffer bytes(final int... values) {
        final ByteBuffer buffer = ByteBuffer.allocate(values.length);
        for (final int value : values) {
            buffer.put((byte) value);
        }
        return buffer.flip();
    }

    @ParameterizedTest
    @EnumSource
    void bytesGoBothWaysAndAddressesAreThose(final Provided kind) throws IOException {
        connect(kind);
        assertTrue(near.isBlocking() && far.isBlocking());
        assertTrue(near.isConnected() && far.isConnected());
        assertFalse(near.isConnectionPending());
        assertEquals(UnixDomainSocketAddress.of(path()), server.getLocalAddress());
        assertEquals(UnixDomainSocketAddress.of(path()), near.getRemoteAddress());
        assertEquals(UnixDomainSocketAddress.of(path()), far.getLocalAddress());
        assertEquals(UnixDomainSocketAddress.of(""), far.getRemoteAddress());
        assertEquals(2, near.write(bytes(1, 2)));
        assertEquals(2, far.read(ByteBuffer.allocate(9)));
        assertEquals(1, far.write(bytes(3)));
        assertEquals(1, near.read(ByteBuffer.allocate(9)));
        assertThrows(AlreadyConnectedException.class, () -> near.connect(far.getLocalAddress()));
        assertTrue(near.finishConnect());
        if (provider instanceof final CoppiceSelectorProvider ours) {
            assertEquals(kind.isAccelerated() ? 2 : 0, ours.channels());
            assertEquals(kind.isAccelerated() ? 3 : 0, ours.bytesRead());
            assertEquals(kind.isAccelerated() ? 3 : 0, ours.bytesWritten());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNotThereIsRefused(final Provided kind) throws IOException {
        provider = kind.open();
        near = provider.openSocketChannel(StandardProtocolFamily.UNIX);
        assertThrows(NotYetConnectedException.class, () -> near.read(ByteBuffer.allocate(1)));
        assertThrows(NotYetConnectedException.class, () -> near.write(bytes(1)));
        assertThrows(NotYetConnectedException.class, () -> near.shutdownInput());
        assertThrows(NoConnectionPendingException.class, () -> near.finishConnect());
        assertFalse(near.isConnected());
        assertNull(near.getRemoteAddress());
        assertThrows(
                java.net.SocketException.class,
                () -> near.connect(UnixDomainSocketAddress.of(path())));
        assertFalse(near.isOpen());
        assertThrows(ClosedChannelException.class, () -> near.read(ByteBuffer.allocate(1)));
        server = provider.openServerSocketChannel(StandardProtocolFamily.UNIX);
        assertThrows(NotYetBoundException.class, () -> server.accept());
    }

    @ParameterizedTest
    @EnumSource
    void aConnectThatDoesNotWaitIsFinishedLater(final Provided kind) throws IOException {
        bind(kind);
        try (Selector selector = provider.openSelector()) {
            near = provider.openSocketChannel(StandardProtocolFamily.UNIX);
            near.configureBlocking(false);
            if (!near.connect(UnixDomainSocketAddress.of(path()))) {
                near.register(selector, SelectionKey.OP_CONNECT);
                assertEquals(1, selector.select());
                assertTrue(selector.selectedKeys().iterator().next().isConnectable());
                assertTrue(near.isConnectionPending());
                assertTrue(near.finishConnect());
            }
            assertTrue(near.isConnected());
            far = server.accept();
            assertEquals(0, near.read(ByteBuffer.allocate(1)));
            far.write(bytes(1));
            final SelectionKey key = near.register(selector, SelectionKey.OP_READ);
            selector.selectedKeys().clear();
            assertEquals(1, selector.select());
            assertSame(key, selector.selectedKeys().iterator().next());
            assertEquals(1, near.read(ByteBuffer.allocate(9)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void acceptingThatDoesNotWaitIsSelected(final Provided kind) throws Exception {
        bind(kind);
        server.configureBlocking(false);
        assertNull(server.accept());
        try (Selector selector = provider.openSelector()) {
            server.register(selector, SelectionKey.OP_ACCEPT);
            assertEquals(0, selector.selectNow());
            final FutureTask<Integer> waiting = start(() -> selector.select());
            near = Provided.connect(provider, path());
            assertEquals(1, waiting.get());
            assertTrue(selector.selectedKeys().iterator().next().isAcceptable());
            far = server.accept();
            assertNotNull(far);
            assertTrue(far.isBlocking());
            assertNull(server.accept());
        }
    }

    @ParameterizedTest
    @EnumSource
    void buffersAreGatheredAndScattered(final Provided kind) throws IOException {
        connect(kind);
        final ByteBuffer[] from = {bytes(1, 2), bytes(), bytes(3), bytes(4, 5), bytes(9)};
        assertEquals(5, near.write(from, 0, 4));
        final ByteBuffer[] to = {
            ByteBuffer.allocate(1), ByteBuffer.allocate(0), ByteBuffer.allocateDirect(9),
        };
        assertEquals(5, far.read(to));
        assertEquals(bytes(2, 3, 4, 5), to[2].flip());
        assertThrows(IndexOutOfBoundsException.class, () -> near.write(from, 4, 2));
        far.configureBlocking(false);
        assertEquals(0, far.read(new ByteBuffer[] {ByteBuffer.allocate(1)}));
        near.close();
        assertEquals(-1, far.read(new ByteBuffer[] {ByteBuffer.allocate(1)}));
    }

    @ParameterizedTest
    @EnumSource
    void halfClosesAreSeenBySelectors(final Provided kind) throws Exception {
        connect(kind);
        near.configureBlocking(false);
        try (Selector selector = provider.openSelector()) {
            near.register(selector, SelectionKey.OP_READ);
            final FutureTask<Integer> waiting = start(() -> selector.select());
            awaitWaiting(waiting);
            far.shutdownOutput();
            assertEquals(1, waiting.get());
            assertEquals(-1, near.read(ByteBuffer.allocate(1)));
            near.write(bytes(7));
            assertEquals(1, far.read(ByteBuffer.allocate(2)));
            assertThrows(ClosedChannelException.class, () -> far.write(bytes(1)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anEndWakesASelector(final Provided kind) throws Exception {
        connect(kind);
        near.configureBlocking(false);
        try (Selector selector = provider.openSelector()) {
            final SelectionKey key = near.register(selector, SelectionKey.OP_READ);
            final FutureTask<Integer> waiting = start(() -> selector.select());
            awaitWaiting(waiting);
            far.close();
            assertEquals(1, waiting.get());
            assertEquals(-1, near.read(ByteBuffer.allocate(1)));
            // It is told of as long as one is interested, and no longer.
            selector.selectedKeys().clear();
            assertEquals(1, selector.select());
            selector.selectedKeys().clear();
            key.interestOps(0);
            assertEquals(0, selector.select(100));
        }
    }

    @ParameterizedTest
    @EnumSource
    void roomIsSelected(final Provided kind) throws Exception {
        connect(kind);
        near.configureBlocking(false);
        far.configureBlocking(false);
        try (Selector selector = provider.openSelector()) {
            near.register(selector, SelectionKey.OP_WRITE);
            assertEquals(1, selector.select());
            final ByteBuffer much = ByteBuffer.allocate(1 << 16);
            long sent = 0;
            int count;
            do {
                count = near.write(much.clear());
                sent += count;
            } while (count > 0);
            selector.selectedKeys().clear();
            assertEquals(0, selector.selectNow());
            final FutureTask<Integer> waiting = start(() -> selector.select());
            awaitWaiting(waiting);
            long received = 0;
            while (received < sent) {
                received += far.read(much.clear());
            }
            assertEquals(1, waiting.get());
            assertTrue(near.write(bytes(1)) > 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void closingEndsWhoWaitsInTheChannel(final Provided kind) throws Exception {
        connect(kind);
        final FutureTask<Integer> reading = start(() -> near.read(ByteBuffer.allocate(1)));
        awaitWaiting(reading);
        near.close();
        assertInstanceOf(AsynchronousCloseException.class, failure(reading));
        final FutureTask<SocketChannel> accepting = start(() -> server.accept());
        await().until(() -> last.getState() != Thread.State.NEW);
        server.close();
        assertInstanceOf(ClosedChannelException.class, failure(accepting));
        assertEquals(-1, far.read(ByteBuffer.allocate(1)));
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptClosesWhoWaitsAndNobodyElse(final Provided kind) throws Exception {
        connect(kind);
        far.configureBlocking(false);
        Thread.currentThread().interrupt();
        assertEquals(0, far.read(ByteBuffer.allocate(1)));
        assertEquals(1, far.write(bytes(1)));
        assertTrue(Thread.interrupted());
        assertEquals(1, near.read(ByteBuffer.allocate(1)));
        final FutureTask<Integer> reading = start(() -> near.read(ByteBuffer.allocate(1)));
        awaitWaiting(reading);
        last.interrupt();
        assertInstanceOf(ClosedByInterruptException.class, failure(reading));
        assertFalse(near.isOpen());
        await().until(() -> far.read(ByteBuffer.allocate(1)) == -1);
    }

    @ParameterizedTest
    @EnumSource
    void modesChangeOnceKeysAreCancelled(final Provided kind) throws Exception {
        connect(kind);
        far.configureBlocking(false);
        try (Selector selector = provider.openSelector()) {
            final SelectionKey key = far.register(selector, SelectionKey.OP_READ);
            assertEquals(0, selector.selectNow());
            assertThrows(IllegalBlockingModeException.class, () -> far.configureBlocking(true));
            key.cancel();
            far.configureBlocking(true);
            assertEquals(1, selector.keys().size());
            selector.selectNow();
            assertEquals(0, selector.keys().size());
            assertFalse(far.isRegistered());
            assertNull(far.keyFor(selector));
            final FutureTask<Integer> reading = start(() -> far.read(ByteBuffer.allocate(1)));
            awaitWaiting(reading);
            near.write(bytes(1));
            assertEquals(1, reading.get());
            far.configureBlocking(false);
            assertNotNull(far.register(selector, SelectionKey.OP_READ));
            near.write(bytes(1));
            assertEquals(1, selector.select());
        }
    }

    @ParameterizedTest
    @EnumSource
    void twoSelectorsOfOneChannelAreBothWoken(final Provided kind) throws Exception {
        connect(kind);
        near.configureBlocking(false);
        try (Selector first = provider.openSelector();
                Selector second = provider.openSelector()) {
            near.register(first, SelectionKey.OP_READ);
            near.register(second, SelectionKey.OP_READ);
            final FutureTask<Integer> one = start(() -> first.select());
            awaitWaiting(one);
            final FutureTask<Integer> other = start(() -> second.select());
            awaitWaiting(other);
            far.write(bytes(1));
            assertEquals(1, one.get());
            assertEquals(1, other.get());
        }
    }

    @ParameterizedTest
    @EnumSource
    void virtualThreadsWaitAsOthersDo(final Provided kind) throws Exception {
        connect(kind);
        final FutureTask<Integer> reading =
                new FutureTask<>(() -> near.read(ByteBuffer.allocate(9)));
        final FutureTask<Integer> selecting =
                new FutureTask<>(
                        () -> {
                            try (Selector selector = provider.openSelector()) {
                                far.configureBlocking(false);
                                far.register(selector, SelectionKey.OP_READ);
                                return selector.select();
                            }
                        });
        final Thread reader = Thread.ofVirtual().start(reading);
        final Thread selector = Thread.ofVirtual().start(selecting);
        await().until(() -> isAsleep(reader) && isAsleep(selector));
        near.write(bytes(1));
        assertEquals(1, selecting.get());
        far.write(bytes(1, 2));
        assertEquals(2, reading.get());
    }

    private static boolean isAsleep(final Thread thread) {
        return thread.getState() == Thread.State.WAITING
                || thread.getState() == Thread.State.TIMED_WAITING;
    }

    private Thread last;

    private <T> FutureTask<T> start(final Callable<T> work) {
        final FutureTask<T> task = new FutureTask<>(work);
        last = new Thread(task);
        last.setDaemon(true);
        last.start();
        return task;
    }

    private void awaitWaiting(final FutureTask<?> task) {
        final Thread thread = last;
        await().until(() -> task.isDone() || Waiting.isWaiting(thread));
    }

    private static Throwable failure(final FutureTask<?> task) throws InterruptedException {
        try {
            task.get();
            return null;
        } catch (final ExecutionException failed) {
            return failed.getCause();
        }
    }
}
