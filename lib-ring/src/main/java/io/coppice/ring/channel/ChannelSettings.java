package io.coppice.ring.channel;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * How channels are made. Only the accepting end's capacity and folder count.
 *
 * @param acceleration which paths go through shared memory
 * @param capacityBytes of the ring of each direction, a power of two from 64 bytes to 256 MiB
 * @param spinNs how long a reader or writer looks again and again before it sleeps, in nanoseconds
 * @param handshakeNs how long the other end may take to answer a connect, in nanoseconds
 * @param folder where segments have a name while two ends connect; both ends must see it
 */
public record ChannelSettings(
        Acceleration acceleration, int capacityBytes, long spinNs, long handshakeNs, Path folder) {
    private static final int CAPACITY_BYTES = 1 << 18;
    private static final long SPIN_NS = TimeUnit.MICROSECONDS.toNanos(20);
    private static final long HANDSHAKE_NS = TimeUnit.SECONDS.toNanos(5);

    /**
     * Checks them.
     *
     * @throws IllegalArgumentException where one is out of its range
     */
    public ChannelSettings {
        Objects.requireNonNull(acceleration);
        Objects.requireNonNull(folder);
        if (!SegmentLayout.isCapacity(capacityBytes)) {
            throw new IllegalArgumentException(
                    "capacityBytes "
                            + capacityBytes
                            + ": must be a power of two from "
                            + SegmentLayout.CAPACITY_LEAST
                            + " to "
                            + SegmentLayout.CAPACITY_MOST);
        }
        if (spinNs < 0 || handshakeNs <= 0) {
            throw new IllegalArgumentException(
                    "spinNs " + spinNs + ", handshakeNs " + handshakeNs + ": must be positive");
        }
    }

    /**
     * Returns the defaults: acceleration as the environment says, 256 KiB, 20 us of spinning (none
     * where there is one processor), 5 s for a handshake, segments in {@code /dev/shm}.
     */
    public static ChannelSettings defaults() {
        final boolean isAlone = Runtime.getRuntime().availableProcessors() == 1;
        return new ChannelSettings(
                Acceleration.fromEnvironment(),
                CAPACITY_BYTES,
                isAlone ? 0 : SPIN_NS,
                HANDSHAKE_NS,
                SegmentFile.folder());
    }

    /** Returns these with other paths accelerated. */
    public ChannelSettings with(final Acceleration other) {
        return new ChannelSettings(other, capacityBytes, spinNs, handshakeNs, folder);
    }

    /** Returns these with another capacity of each ring. */
    public ChannelSettings withCapacity(final int bytes) {
        return new ChannelSettings(acceleration, bytes, spinNs, handshakeNs, folder);
    }

    /** Returns these with another time of spinning. */
    public ChannelSettings withSpin(final long nanos) {
        return new ChannelSettings(acceleration, capacityBytes, nanos, handshakeNs, folder);
    }

    /** Returns these with another time for a handshake. */
    public ChannelSettings withHandshake(final long nanos) {
        return new ChannelSettings(acceleration, capacityBytes, spinNs, nanos, folder);
    }

    /** Returns these with another folder for segments. */
    public ChannelSettings withFolder(final Path other) {
        return new ChannelSettings(acceleration, capacityBytes, spinNs, handshakeNs, other);
    }
}
