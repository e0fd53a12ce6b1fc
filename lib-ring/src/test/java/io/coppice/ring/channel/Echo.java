package io.coppice.ring.channel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;

/** A server of one thread and one selector that sends back what it gets, over TCP and a path. */
final class Echo implements Closeable {
    private static final int BYTES = 300_000;

    private final Selector selector;
    private final ServerSocketChannel unix;
    private final ServerSocketChannel tcp;
    private final Thread thread;
    private volatile IOException failure;

    Echo(final SelectorProvider provider, final Path path) throws IOException {
        selector = provider.openSelector();
        unix = Provided.bind(provider, path);
        tcp = bindTcp(provider);
        for (final ServerSocketChannel server : new ServerSocketChannel[] {unix, tcp}) {
            server.configureBlocking(false);
            server.register(selector, SelectionKey.OP_ACCEPT);
        }
        thread = new Thread(this::serve);
        thread.start();
    }

    static ServerSocketChannel bindTcp(final SelectorProvider provider) throws IOException {
        return provider.openServerSocketChannel()
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** Returns how many descriptors this process has. */
    static long descriptors() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.count();
        }
    }

    private void serve() {
        try {
            while (unix.isOpen()) {
                selector.select();
                for (final SelectionKey key : selector.selectedKeys()) {
                    serve(key);
                }
                selector.selectedKeys().clear();
            }
        } catch (final IOException failed) {
            failure = failed;
        }
    }

    private void serve(final SelectionKey key) throws IOException {
        if (!key.isValid()) {
            return;
        }
        if (key.isAcceptable()) {
            final SocketChannel accepted = ((ServerSocketChannel) key.channel()).accept();
            if (accepted != null) {
                accepted.configureBlocking(false);
                accepted.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(40_000));
            }
            return;
        }
        final SocketChannel channel = (SocketChannel) key.channel();
        final ByteBuffer buffer = (ByteBuffer) key.attachment();
        if (key.isReadable() && channel.read(buffer) < 0) {
            channel.close();
            return;
        }
        buffer.flip();
        channel.write(buffer);
        buffer.compact();
        key.interestOps(
                (buffer.position() > 0 ? SelectionKey.OP_WRITE : 0)
                        | (buffer.hasRemaining() ? SelectionKey.OP_READ : 0));
    }

    /** What one client sends, and has got back. */
    private static final class Talk {
        final ByteBuffer toSend;
        final byte[] expected = new byte[BYTES];
        final ByteBuffer received = ByteBuffer.allocate(BYTES);

        Talk(final long seed) {
            new Random(seed).nextBytes(expected);
            toSend = ByteBuffer.wrap(expected);
        }
    }

    /** Talks over so many connections of each kind at once, on one thread; returns how many. */
    int ask(final SelectorProvider provider, final long seed, final int each) throws IOException {
        int open = 0;
        try (Selector asking = provider.openSelector()) {
            for (int i = 0; i < 2 * each; i++) {
                final boolean isUnix = i % 2 == 0;
                final SocketChannel channel =
                        isUnix
                                ? provider.openSocketChannel(StandardProtocolFamily.UNIX)
                                : provider.openSocketChannel();
                channel.configureBlocking(false);
                final SocketAddress address = (isUnix ? unix : tcp).getLocalAddress();
                channel.register(
                        asking,
                        channel.connect(address)
                                ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
                                : SelectionKey.OP_CONNECT,
                        new Talk(seed + i));
                open++;
            }
            int done = 0;
            while (done < open) {
                asking.select();
                for (final SelectionKey key : asking.selectedKeys()) {
                    done += talk(key) ? 1 : 0;
                }
                asking.selectedKeys().clear();
            }
        }
        return open;
    }

    /** Returns whether this talk has just ended. */
    private static boolean talk(final SelectionKey key) throws IOException {
        final SocketChannel channel = (SocketChannel) key.channel();
        final Talk talk = (Talk) key.attachment();
        if (key.isConnectable() && channel.finishConnect()) {
            key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
            return false;
        }
        if (key.isWritable()) {
            channel.write(talk.toSend);
        }
        if (key.isReadable()) {
            channel.read(talk.received);
        }
        if (!talk.received.hasRemaining()) {
            assertArrayEquals(talk.expected, talk.received.array());
            channel.close();
            return true;
        }
        key.interestOps(
                SelectionKey.OP_READ | (talk.toSend.hasRemaining() ? SelectionKey.OP_WRITE : 0));
        return false;
    }

    @Override
    public void close() throws IOException {
        unix.close();
        tcp.close();
        selector.wakeup();
        try {
            thread.join();
        } catch (final InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        for (final SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
        if (failure != null) {
            throw failure;
        }
    }
}
