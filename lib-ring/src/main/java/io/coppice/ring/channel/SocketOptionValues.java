package io.coppice.ring.channel;

import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The options of a socket, kept to be given back. Only the timeout has a meaning where bytes go
 * through memory. For any thread.
 */
final class SocketOptionValues {
    static final Set<SocketOption<?>> SUPPORTED =
            Set.of(
                    StandardSocketOptions.TCP_NODELAY,
                    StandardSocketOptions.SO_KEEPALIVE,
                    StandardSocketOptions.SO_REUSEADDR,
                    StandardSocketOptions.SO_LINGER,
                    StandardSocketOptions.IP_TOS,
                    StandardSocketOptions.SO_SNDBUF,
                    StandardSocketOptions.SO_RCVBUF);

    private final Map<SocketOption<?>, Object> values = new HashMap<>();
    private volatile int timeoutMs;
    private volatile boolean inline;

    SocketOptionValues() {
        values.put(StandardSocketOptions.TCP_NODELAY, false);
        values.put(StandardSocketOptions.SO_KEEPALIVE, false);
        values.put(StandardSocketOptions.SO_REUSEADDR, false);
        values.put(StandardSocketOptions.SO_LINGER, -1);
        values.put(StandardSocketOptions.IP_TOS, 0);
    }

    synchronized <T> void set(final SocketOption<T> name, final T value) {
        checkSupported(name);
        values.put(name, name.type().cast(value));
    }

    /** Returns what was set; null for the size of a buffer that never was. */
    synchronized <T> T get(final SocketOption<T> name) {
        checkSupported(name);
        return name.type().cast(values.get(name));
    }

    private static void checkSupported(final SocketOption<?> name) {
        if (!SUPPORTED.contains(name)) {
            throw new UnsupportedOperationException("'" + name + "' not supported");
        }
    }

    /** Keeps the size of a buffer that is asked for; rings have theirs. */
    void setBuffer(final SocketOption<Integer> name, final int bytes) {
        if (bytes <= 0) {
            throw new IllegalArgumentException("invalid size of buffer: " + bytes);
        }
        set(name, bytes);
    }

    /** Returns the size of a buffer: what was asked for, else that of a ring. */
    int buffer(final SocketOption<Integer> name, final ChannelSettings settings) {
        final Integer set = get(name);
        return set == null ? settings.capacityBytes() : set;
    }

    /** Sets how long a read may wait, in milliseconds, 0 for ever. */
    void setTimeout(final int millis) {
        if (millis < 0) {
            throw new IllegalArgumentException("timeout can't be negative");
        }
        timeoutMs = millis;
    }

    int timeout() {
        return timeoutMs;
    }

    void setInline(final boolean on) {
        inline = on;
    }

    boolean inline() {
        return inline;
    }
}
