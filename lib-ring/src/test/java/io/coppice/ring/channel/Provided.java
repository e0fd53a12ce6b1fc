package io.coppice.ring.channel;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;

/** Selector providers that are held against each other. */
enum Provided {
    /** The JDK's own: what the others are held against. */
    JDK,
    /** Ours, for a path that is not accelerated. */
    PLAIN,
    /** Ours, for a path that is accelerated where there is no room for segments. */
    FALLBACK,
    ACCELERATED,
    /** The same without spinning, so that every wait sleeps. */
    ASLEEP;

    SelectorProvider open() {
        final ChannelSettings defaults = ChannelSettings.defaults();
        return switch (this) {
            case JDK -> JdkChannels.find();
            case PLAIN ->
                    new CoppiceSelectorProvider(defaults.with(Acceleration.parse("/none/of/us")));
            case FALLBACK ->
                    new CoppiceSelectorProvider(
                            defaults.with(Acceleration.all()).withFolder(Path.of("/none/of/us")));
            case ACCELERATED ->
                    new CoppiceSelectorProvider(defaults.with(Acceleration.all()).withSpin(20_000));
            case ASLEEP ->
                    new CoppiceSelectorProvider(
                            defaults.with(Acceleration.all()).withSpin(0).withCapacity(1 << 16));
        };
    }

    boolean isAccelerated() {
        return this == ACCELERATED || this == ASLEEP;
    }

    static ServerSocketChannel bind(final SelectorProvider provider, final Path path)
            throws IOException {
        final ServerSocketChannel server =
                provider.openServerSocketChannel(StandardProtocolFamily.UNIX);
        return server.bind(UnixDomainSocketAddress.of(path));
    }

    static SocketChannel connect(final SelectorProvider provider, final Path path)
            throws IOException {
        final SocketChannel channel = provider.openSocketChannel(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(path));
        return channel;
    }
}
