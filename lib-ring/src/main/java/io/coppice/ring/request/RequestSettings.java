package io.coppice.ring.request;

import io.coppice.ring.RingWriter;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.SystemNanoClock;

/** What a {@link Requester} or a {@link Replier} wants. Immutable. */
public final class RequestSettings {
    private static final long LONGEST_NS = TimeUnit.HOURS.toNanos(1);

    private final int requests;
    private final int ringBytes;
    private final boolean isDurable;
    private final long longestNs;
    private final NanoClock clock;

    private RequestSettings(
            final int requests,
            final int ringBytes,
            final boolean isDurable,
            final long longestNs,
            final NanoClock clock) {
        this.requests = requests;
        this.ringBytes = ringBytes;
        this.isDurable = isDurable;
        this.longestNs = longestNs;
        this.clock = clock;
    }

    /**
     * Requests that are cancelled when the asker dies, and wait for at most an hour.
     *
     * @param requests that may be without an outcome at once, 1 to 65536; each takes 64 bytes
     * @param ringBytes of the ring that this side writes, for a replier of each of them: a power of
     *     two, at least {@link RingWriter#MIN_CAPACITY_BYTES}
     */
    public static RequestSettings of(final int requests, final int ringBytes) {
        if (requests < 1 || requests > RequestTableLayout.CAPACITY_MAX) {
            throw new IllegalArgumentException(
                    requests + " requests at once: 1 to " + RequestTableLayout.CAPACITY_MAX);
        }
        return new RequestSettings(
                requests, ringBytes, false, LONGEST_NS, SystemNanoClock.INSTANCE);
    }

    /** Returns the same for requests that outlive who asked: its successor waits for the reply. */
    public RequestSettings durable() {
        return new RequestSettings(requests, ringBytes, true, longestNs, clock);
    }

    /**
     * Returns the same with another limit on how far ahead a deadline may be. A request that is
     * found beyond it was asked before the machine was started anew, and has expired.
     *
     * @param durationNs in nanoseconds, 1 or more
     */
    public RequestSettings waitingAtMost(final long durationNs) {
        if (durationNs < 1) {
            throw new IllegalArgumentException("waiting at most " + durationNs + " ns: 1 or more");
        }
        return new RequestSettings(requests, ringBytes, isDurable, durationNs, clock);
    }

    /**
     * Returns the same with another clock than {@link System#nanoTime}; asker and replier must have
     * the same.
     */
    public RequestSettings withClock(final NanoClock other) {
        return new RequestSettings(requests, ringBytes, isDurable, longestNs, other);
    }

    int requests() {
        return requests;
    }

    int ringBytes() {
        return ringBytes;
    }

    boolean isDurable() {
        return isDurable;
    }

    long longestNs() {
        return longestNs;
    }

    NanoClock clock() {
        return clock;
    }
}
