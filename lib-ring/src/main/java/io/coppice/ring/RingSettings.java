package io.coppice.ring;

import java.util.HashMap;
import java.util.Map;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/** What a writer wants its ring to be. Immutable. */
public final class RingSettings {
    private final int capacityBytes;
    private final boolean isLatest;
    private final Map<String, ReaderPolicy> policies;
    private final NanoClock clock;

    private RingSettings(
            final int capacityBytes,
            final boolean isLatest,
            final Map<String, ReaderPolicy> policies,
            final NanoClock clock) {
        this.capacityBytes = capacityBytes;
        this.isLatest = isLatest;
        this.policies = policies;
        this.clock = clock;
    }

    /**
     * A ring that waits for its readers, unless {@link #reader} says otherwise for one.
     *
     * @param capacityBytes a power of two, at least {@link RingWriter#MIN_CAPACITY_BYTES}
     */
    public static RingSettings lossless(final int capacityBytes) {
        return new RingSettings(capacityBytes, false, Map.of(), SystemNanoClock.INSTANCE);
    }

    /**
     * A ring that keeps the newest messages and never waits.
     *
     * @param capacityBytes a power of two, at least {@link RingWriter#MIN_CAPACITY_BYTES}
     */
    public static RingSettings latest(final int capacityBytes) {
        return new RingSettings(capacityBytes, true, Map.of(), SystemNanoClock.INSTANCE);
    }

    /**
     * Returns the same with a policy for one reader.
     *
     * @param daemon name of the reader
     * @throws IllegalArgumentException for a ring that never waits
     */
    public RingSettings reader(final String daemon, final ReaderPolicy policy) {
        if (isLatest) {
            throw new IllegalArgumentException(
                    "reader \"" + daemon + "\": a ring of the latest messages waits for nobody");
        }
        final Map<String, ReaderPolicy> more = new HashMap<>(policies);
        more.put(daemon, policy);
        return new RingSettings(capacityBytes, false, Map.copyOf(more), clock);
    }

    /** Returns the same with a clock for the policies. */
    RingSettings withClock(final NanoClock other) {
        return new RingSettings(capacityBytes, isLatest, policies, other);
    }

    int capacityBytes() {
        return capacityBytes;
    }

    Map<String, ReaderPolicy> policies() {
        return policies;
    }

    ReaderPolicy policy(final String daemon) {
        return policies.getOrDefault(daemon, ReaderPolicy.waiting());
    }

    NanoClock clock() {
        return clock;
    }

    RingMode mode() {
        if (isLatest) {
            return RingMode.LATEST;
        }
        return policies.values().stream().allMatch(ReaderPolicy::isWaiting)
                ? RingMode.LOSSLESS
                : RingMode.DROPPING;
    }
}
