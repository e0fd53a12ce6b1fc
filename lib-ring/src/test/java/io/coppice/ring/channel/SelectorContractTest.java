package io.coppice.ring.channel;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What selectors of the JDK do, held against ours; channels of both are in each. */
@Timeout(60)
class SelectorContractTest {
    @TempDir Path folder;

    private final List<SocketChannel> channels = new ArrayList<>();
    private SelectorProvider provider;
    private Selector selector;
    private ServerSocketChannel server;
    private SocketChannel near;
    private SocketChannel far;
    private SelectionKey key;

    private void open(final Provided kind) throws IOException {
        provider = kind.open();
        selector = provider.openSelector();
        server = Provided.bind(provider, folder.resolve("socket"));
        near = keep(Provided.connect(provider, folder.resolve("socket")));
        far = keep(server.accept());
        near.configureBlocking(false);
        key = near.register(selector, SelectionKey.OP_READ, "attached");
    }

    private SocketChannel keep(final SocketChannel channel) {
        channels.add(channel);
        return channel;
    }

    @AfterEach
    void close() throws IOException {
        for (final SocketChannel channel : channels) {
            channel.close();
        }
        server.close();
        selector.close();
    }

    private static ByteBuffer one() {
        return ByteBuffer.allocate(1);
    }

    @ParameterizedTest
    @EnumSource
    void aKeyIsSelectedUntilItIsRemoved(final Provided kind) throws IOException {
        open(kind);
        assertSame(near, key.channel());
        assertSame(selector, key.selector());
        assertSame(key, near.keyFor(selector));
        assertEquals("attached", key.attachment());
        assertEquals(0, selector.selectNow());
        far.write(one());
        assertEquals(1, selector.select());
        assertTrue(key.isReadable());
        // It is there already, and is ready for nothing more.
        assertEquals(0, selector.select());
        assertEquals(1, selector.selectedKeys().size());
        assertThrows(UnsupportedOperationException.class, () -> selector.selectedKeys().add(key));
        assertThrows(UnsupportedOperationException.class, () -> selector.keys().remove(key));
        key.interestOpsOr(SelectionKey.OP_WRITE);
        assertEquals(1, selector.select());
        assertEquals(SelectionKey.OP_READ | SelectionKey.OP_WRITE, key.readyOps());
        assertTrue(selector.selectedKeys().remove(key));
        near.read(one());
        key.interestOps(SelectionKey.OP_READ);
        assertEquals(0, selector.selectNow());
        assertTrue(selector.selectedKeys().isEmpty());
        assertThrows(IllegalArgumentException.class, () -> key.interestOps(SelectionKey.OP_ACCEPT));
    }

    @ParameterizedTest
    @EnumSource
    void actionsAreCalledAndNothingIsSelected(final Provided kind) throws IOException {
        open(kind);
        far.write(one());
        final List<SelectionKey> called = new ArrayList<>();
        assertEquals(1, selector.select(called::add));
        assertEquals(1, selector.select(called::add, 1000));
        assertEquals(1, selector.selectNow(called::add));
        assertEquals(List.of(key, key, key), called);
        assertTrue(selector.selectedKeys().isEmpty());
        assertThrows(
                IllegalStateException.class, () -> selector.select(ready -> selectAgain(ready)));
        assertThrows(
                IllegalStateException.class,
                () ->
                        selector.select(
                                ready -> {
                                    throw new IllegalStateException("of the action");
                                }));
        near.read(one());
        assertEquals(0, selector.selectNow(called::add));
    }

    private void selectAgain(final SelectionKey ready) {
        try {
            assertTrue(ready.isReadable());
            selector.selectNow();
        } catch (final IOException unexpected) {
            throw new AssertionError(unexpected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aWakeupEndsOneSelection(final Provided kind) throws Exception {
        open(kind);
        selector.wakeup();
        selector.wakeup();
        assertEquals(0, selector.select());
        final FutureTask<Integer> waiting = start(() -> selector.select());
        awaitWaiting(waiting);
        assertFalse(waiting.isDone());
        selector.wakeup();
        assertEquals(0, waiting.get());
        // What selectNow returns from is no longer there.
        selector.wakeup();
        selector.selectNow();
        final FutureTask<Integer> other = start(() -> selector.select());
        awaitWaiting(other);
        far.write(one());
        assertEquals(1, other.get());
    }

    @ParameterizedTest
    @EnumSource
    void aTimeoutEndsASelection(final Provided kind) throws Exception {
        open(kind);
        // What it was interested in before ends nothing.
        key.interestOps(SelectionKey.OP_WRITE);
        assertEquals(1, selector.select());
        selector.selectedKeys().clear();
        key.interestOps(SelectionKey.OP_READ);
        final long start = System.nanoTime();
        assertEquals(0, selector.select(50));
        final long passed = System.nanoTime() - start;
        assertTrue(passed >= TimeUnit.MILLISECONDS.toNanos(49), () -> passed + " ns");
        assertThrows(IllegalArgumentException.class, () -> selector.select(-1));
        final FutureTask<Integer> waiting = start(() -> selector.select(100_000));
        awaitWaiting(waiting);
        far.write(one());
        assertEquals(1, waiting.get());
    }

    @ParameterizedTest
    @EnumSource
    void anInterruptEndsASelection(final Provided kind) throws Exception {
        open(kind);
        final FutureTask<Boolean> waiting =
                start(
                        () -> {
                            selector.select();
                            return Thread.interrupted();
                        });
        awaitWaiting(waiting);
        last.interrupt();
        assertTrue(waiting.get());
        assertTrue(selector.isOpen() && near.isOpen());
    }

    @ParameterizedTest
    @EnumSource
    void closingASelectorEndsWhoWaits(final Provided kind) throws Exception {
        open(kind);
        final FutureTask<Integer> waiting = start(() -> selector.select());
        awaitWaiting(waiting);
        selector.close();
        final Throwable ended = failure(waiting);
        assertTrue(
                ended == null || ended instanceof ClosedSelectorException,
                () -> String.valueOf(ended));
        assertFalse(key.isValid());
        assertFalse(near.isRegistered());
        assertNull(near.keyFor(selector));
        assertThrows(ClosedSelectorException.class, () -> selector.select());
        assertThrows(ClosedSelectorException.class, () -> selector.keys());
        assertThrows(
                ClosedSelectorException.class, () -> near.register(selector, SelectionKey.OP_READ));
        near.configureBlocking(true);
    }

    @ParameterizedTest
    @EnumSource
    void closingAChannelInvalidatesItsKey(final Provided kind) throws Exception {
        open(kind);
        final FutureTask<Integer> waiting = start(() -> selector.select());
        awaitWaiting(waiting);
        near.close();
        assertFalse(key.isValid());
        assertThrows(CancelledKeyException.class, () -> key.interestOps());
        assertThrows(CancelledKeyException.class, () -> key.readyOps());
        selector.wakeup();
        assertEquals(0, waiting.get());
        selector.selectNow();
        assertTrue(selector.keys().isEmpty());
        assertEquals(-1, far.read(one()));
    }

    @ParameterizedTest
    @EnumSource
    void channelsOfAllKindsAreInOneSelector(final Provided kind) throws Exception {
        open(kind);
        final Pipe pipe = provider.openPipe();
        try (ServerSocketChannel tcp = Echo.bindTcp(provider);
                Pipe.SourceChannel source = pipe.source();
                Pipe.SinkChannel sink = pipe.sink()) {
            final SocketChannel tcpNear = keep(provider.openSocketChannel());
            tcpNear.connect(tcp.getLocalAddress());
            final SocketChannel tcpFar = keep(tcp.accept());
            tcpNear.configureBlocking(false);
            source.configureBlocking(false);
            final SelectionKey tcpKey = tcpNear.register(selector, SelectionKey.OP_READ, "tcp");
            final SelectionKey pipeKey = source.register(selector, SelectionKey.OP_READ);
            assertEquals(3, selector.keys().size());
            assertSame(tcpKey, tcpNear.keyFor(selector));
            assertSame(selector, tcpKey.selector());
            assertEquals("tcp", tcpKey.attachment());
            final FutureTask<Integer> waiting = start(() -> selector.select());
            awaitWaiting(waiting);
            tcpFar.write(one());
            assertEquals(1, waiting.get());
            assertTrue(tcpKey.isReadable());
            sink.write(one());
            far.write(one());
            await().until(() -> selector.selectNow() + selector.selectedKeys().size() >= 3);
            assertTrue(pipeKey.isReadable() && key.isReadable());
            tcpKey.cancel();
            tcpNear.configureBlocking(true);
            selector.selectNow();
            assertEquals(2, selector.keys().size());
            assertFalse(tcpNear.isRegistered());
            tcpNear.configureBlocking(false);
            tcpNear.register(selector, SelectionKey.OP_WRITE);
            selector.selectedKeys().clear();
            assertTrue(selector.select() >= 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void descriptorsAreGivenBack(final Provided kind) throws Exception {
        open(kind);
        try (ServerSocketChannel tcp = Echo.bindTcp(provider)) {
            final int rounds = 20;
            final long before = Echo.descriptors();
            for (int i = 0; i < rounds; i++) {
                final SocketChannel tcpNear = keep(provider.openSocketChannel());
                tcpNear.connect(tcp.getLocalAddress());
                tcpNear.configureBlocking(false);
                tcpNear.register(selector, SelectionKey.OP_READ);
                final SocketChannel unixNear =
                        keep(Provided.connect(provider, folder.resolve("socket")));
                unixNear.configureBlocking(false);
                unixNear.register(selector, SelectionKey.OP_READ);
                final SocketChannel tcpFar = tcp.accept();
                final SocketChannel unixFar = server.accept();
                final FutureTask<Integer> waiting = start(() -> selector.select());
                awaitWaiting(waiting);
                // While one waits the JDK's selector drops its keys before ours does.
                tcpNear.close();
                unixNear.close();
                selector.wakeup();
                waiting.get();
                selector.selectNow();
                tcpFar.close();
                unixFar.close();
            }
            await().untilAsserted(
                            () -> {
                                final long more = Echo.descriptors() - before;
                                assertTrue(more < rounds / 2, () -> more + " more descriptors");
                            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void manyConnectionsAreServedByOneThread(final Provided kind) throws Exception {
        open(kind);
        try (Echo echo = new Echo(provider, folder.resolve("echo"))) {
            final FutureTask<Integer> first = start(() -> echo.ask(provider, 1, 20));
            final FutureTask<Integer> second = start(() -> echo.ask(provider, 2, 20));
            assertEquals(40, first.get());
            assertEquals(40, second.get());
        }
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
            return assertInstanceOf(Throwable.class, failed.getCause());
        }
    }
}
