package io.coppice.ring;

import io.coppice.pool.block.BlockPool;
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
    private final boolean isChained;
    private final BlockPool blocks;

    private RingSettings(
            final int capacityBytes,
            final boolean isLatest,
            final Map<String, ReaderPolicy> policies,
            final NanoClock clock,
            final boolean isChained,
            final BlockPool blocks) {
        this.capacityBytes = capacityBytes;
        this.isLatest = isLatest;
        this.policies = policies;
        this.clock = clock;
        this.isChained = isChained;
        this.blocks = blocks;
    }

    /**
     * A ring that waits for its readers, unless {@link #reader} says otherwise for one.
     *
     * @param capacityBytes a power of two, at least {@link RingWriter#MIN_CAPACITY_BYTES}
     */
    public static RingSettings lossless(final int capacityBytes) {
        return new RingSettings(
                capacityBytes, false, Map.of(), SystemNanoClock.INSTANCE, false, null);
    }

    /**
     * A ring that keeps the newest messages and never waits.
     *
     * @param capacityBytes a power of two, at least {@link RingWriter#MIN_CAPACITY_BYTES}
     */
    public static RingSettings latest(final int capacityBytes) {
        return new RingSettings(
                capacityBytes, true, Map.of(), SystemNanoClock.INSTANCE, false, null);
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
        return new RingSettings(capacityBytes, false, Map.copyOf(more), clock, isChained, blocks);
    }

    /**
     * Returns the same for messages that may be longer than a quarter of the ring: {@link
     * RingWriter#offer} cuts them into parts of one message, up to half of the ring.
     */
    public RingSettings chained() {
        return new RingSettings(capacityBytes, isLatest, policies, clock, true, blocks);
    }

    /**
     * Returns the same for messages that lie in blocks of a pool: those that {@link
     * RingWriter#offerBlock} sends, and in {@link RingWriter#offer} those that are longer than a
     * quarter of the ring. Which pool it is stays as it was when the ring was laid out.
     *
     * @param pool of the writing daemon
     * @throws IllegalArgumentException for a ring that never waits, which could not say when a
     *     block comes back
     */
    public RingSettings inBlocks(final BlockPool pool) {
        if (isLatest) {
            throw new IllegalArgumentException(
                    "blocks: a ring of the latest messages never waits for one to come back, use"
                            + " chained()");
        }
        return new RingSettings(capacityBytes, false, policies, clock, isChained, pool);
    }

    /** Returns the same with a clock for the policies. */
    RingSettings withClock(final NanoClock other) {
        return new RingSettings(capacityBytes, isLatest, policies, other, isChained, blocks);
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

    boolean isChained() {
        return isChained;
    }

    /** Returns the pool whose blocks travel with messages; null where none do. */
    BlockPool blocks() {
        return blocks;
    }

    /** Returns how many blocks may travel. */
    int blockCount() {
        return blocks == null ? 0 : blocks.capacity();
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
