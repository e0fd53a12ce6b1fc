package io.coppice.ring.channel;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A connected channel of any kind, for tests that hold one kind against another. */
record Stream(ByteChannel channel, Shutdown input, Shutdown output) implements Closeable {
    /** Shuts one direction down. */
    @FunctionalInterface
    interface Shutdown {
        void run() throws IOException;
    }

    /** What connections go over. */
    enum Kind {
        /** The JDK's own: what the others are held against. */
        JDK,
        PLAIN,
        ACCELERATED,
        /** The same without spinning, so that every wait sleeps. */
        ASLEEP,
    }

    /** Two ends that are connected. */
    record Pair(Stream connected, Stream accepted) implements Closeable {
        @Override
        public void close() throws IOException {
            connected.close();
            accepted.close();
        }
    }

    static Stream of(final SocketChannel channel) {
        return new Stream(channel, channel::shutdownInput, channel::shutdownOutput);
    }

    static Stream of(final AcceleratedChannel channel) {
        return new Stream(channel, channel::shutdownInput, channel::shutdownOutput);
    }

    /** Returns settings under which every path or none is accelerated. */
    static ChannelSettings settings(final Kind kind) {
        final ChannelSettings defaults = ChannelSettings.defaults();
        return switch (kind) {
            case JDK, PLAIN -> defaults.with(Acceleration.none());
            case ACCELERATED -> defaults.with(Acceleration.all()).withSpin(20_000);
            case ASLEEP -> defaults.with(Acceleration.all()).withSpin(0).withCapacity(1 << 16);
        };
    }

    static Pair pair(final Kind kind, final Path path) throws IOException {
        if (kind == Kind.JDK) {
            try (ServerSocketChannel server =
                    ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                server.bind(UnixDomainSocketAddress.of(path));
                final SocketChannel connected =
                        SocketChannel.open(UnixDomainSocketAddress.of(path));
                return new Pair(of(connected), of(server.accept()));
            }
        }
        try (ChannelServer server = ChannelServer.bind(path, settings(kind), 16)) {
            final AcceleratedChannel connected = AcceleratedChannel.connect(path, settings(kind));
            return new Pair(of(connected), of(server.accept()));
        }
    }

    int read(final ByteBuffer to) throws IOException {
        return channel.read(to);
    }

    int write(final byte... bytes) throws IOException {
        return channel.write(ByteBuffer.wrap(bytes));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
