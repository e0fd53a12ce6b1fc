package io.coppice.ring.channel;

import java.io.IOException;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.atomic.LongAdder;

/**
 * Accelerates a program that knows nothing of it: {@code
 * -Djava.nio.channels.spi.SelectorProvider=io.coppice.ring.channel.CoppiceSelectorProvider}. Its
 * Unix-domain channels whose path {@link Acceleration#VARIABLE} covers go through shared memory,
 * blocking or not and with selectors; all its other channels are the JDK's, and where the variable
 * is not set its selectors are too.
 *
 * <p>Shared memory needs {@code --add-opens java.base/jdk.internal.misc=ALL-UNNAMED} beside it;
 * without, a warning says so once and bytes go over the sockets. For any thread.
 */
public final class CoppiceSelectorProvider extends SelectorProvider {
    private final SelectorProvider jdk = JdkChannels.find();
    private final ChannelSettings settings;
    private final boolean accelerates;
    private final LongAdder channels = new LongAdder();
    private final LongAdder bytesRead = new LongAdder();
    private final LongAdder bytesWritten = new LongAdder();

    /** Does as the environment says. */
    public CoppiceSelectorProvider() {
        this(ChannelSettings.defaults());
    }

    CoppiceSelectorProvider(final ChannelSettings settings) {
        this.settings = settings;
        accelerates = !settings.acceleration().isNone();
    }

    /** Returns the provider of everything else. */
    SelectorProvider jdk() {
        return jdk;
    }

    ChannelSettings settings() {
        return settings;
    }

    void countChannel() {
        channels.increment();
    }

    void countRead(final long bytes) {
        bytesRead.add(bytes);
    }

    void countWritten(final long bytes) {
        bytesWritten.add(bytes);
    }

    /** Returns how many ends of connections were made here that go through shared memory. */
    public long channels() {
        return channels.sum();
    }

    /** Returns how many bytes were read from shared memory by this program's channels. */
    public long bytesRead() {
        return bytesRead.sum();
    }

    /** Returns how many bytes were written into shared memory by this program's channels. */
    public long bytesWritten() {
        return bytesWritten.sum();
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return jdk.openDatagramChannel();
    }

    @Override
    public DatagramChannel openDatagramChannel(final ProtocolFamily family) throws IOException {
        return jdk.openDatagramChannel(family);
    }

    @Override
    public Pipe openPipe() throws IOException {
        return jdk.openPipe();
    }

    @Override
    public AbstractSelector openSelector() throws IOException {
        return accelerates
                ? new TransparentSelector(this, jdk, settings.spinNs())
                : jdk.openSelector();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return jdk.openServerSocketChannel();
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(final ProtocolFamily family)
            throws IOException {
        final ServerSocketChannel server = jdk.openServerSocketChannel(family);
        return accelerates && family == StandardProtocolFamily.UNIX
                ? new TransparentServerChannel(this, server)
                : server;
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return jdk.openSocketChannel();
    }

    @Override
    public SocketChannel openSocketChannel(final ProtocolFamily family) throws IOException {
        final SocketChannel socket = jdk.openSocketChannel(family);
        return accelerates && family == StandardProtocolFamily.UNIX
                ? new TransparentChannel(this, socket)
                : socket;
    }

    @Override
    public Channel inheritedChannel() throws IOException {
        return jdk.inheritedChannel();
    }
}
