package io.coppice.ring.channel;

import java.io.IOException;
import java.lang.reflect.Field;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;

/**
 * Opens the JDK's own sockets and selectors, which all of this package runs on. Where {@link
 * CoppiceSelectorProvider} is the provider of the program, {@code SocketChannel.open} would come
 * back to it.
 */
final class JdkChannels {
    private static final String[] PROVIDERS = {
        "sun.nio.ch.EPollSelectorProvider",
        "sun.nio.ch.KQueueSelectorProvider",
        "sun.nio.ch.WEPollSelectorProvider",
    };

    private JdkChannels() {}

    /**
     * Returns the provider that the JDK would have without a property that names another. It is in
     * a package that is not exported, and the one door to it is the property; but it has no state,
     * so it can be made without its constructor.
     *
     * @throws IllegalStateException where this JDK has none that is known
     */
    static SelectorProvider find() {
        ClassNotFoundException missing = null;
        for (final String name : PROVIDERS) {
            try {
                final Class<?> type = Class.forName(name);
                final Class<?> unsafe = Class.forName("sun.misc.Unsafe");
                final Field field = unsafe.getDeclaredField("theUnsafe");
                field.setAccessible(true);
                return (SelectorProvider)
                        unsafe.getMethod("allocateInstance", Class.class)
                                .invoke(field.get(null), type);
            } catch (final ClassNotFoundException elsewhere) {
                // Of another platform.
                missing = elsewhere;
            } catch (final ReflectiveOperationException refused) {
                throw new IllegalStateException(
                        name + ": cannot be made; remove the property that names our provider",
                        refused);
            }
        }
        throw new IllegalStateException(
                "this JDK's selector provider is not known; remove the property that names ours",
                missing);
    }

    /** Returns the JDK's provider, or the one that the program has put in its place. */
    static SelectorProvider provider() {
        final SelectorProvider installed = SelectorProvider.provider();
        return installed instanceof final CoppiceSelectorProvider ours ? ours.jdk() : installed;
    }

    static Selector openSelector() throws IOException {
        return provider().openSelector();
    }

    static ServerSocketChannel openServer() throws IOException {
        return provider().openServerSocketChannel(StandardProtocolFamily.UNIX);
    }

    /** Returns a socket that is connected. */
    static SocketChannel connect(final UnixDomainSocketAddress address) throws IOException {
        final SocketChannel socket = provider().openSocketChannel(StandardProtocolFamily.UNIX);
        try {
            socket.connect(address);
            return socket;
        } catch (final IOException | RuntimeException refused) {
            socket.close();
            throw refused;
        }
    }
}
