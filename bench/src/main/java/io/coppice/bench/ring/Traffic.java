package io.coppice.bench.ring;

import io.coppice.bench.Unit;
import java.util.List;

/** What is sent, and from whom to whom: the cases of the bench, Coppice first in each. */
enum Traffic {
    /** As much as goes through. */
    BATCHES(
            "1 to 1, 64 bytes, 64 a commit",
            1,
            Numbers.BATCH,
            Numbers.SHORT_BYTES,
            List.of(
                    Medium.COPPICE,
                    Medium.COPPICE_LATEST,
                    Medium.AGRONA,
                    Medium.AERON,
                    Medium.CHRONICLE_QUEUE,
                    Medium.UNIX_SOCKET,
                    Medium.PIPE)),
    /** As much as goes through where each message stands by itself. */
    SINGLES(
            "1 to 1, 64 bytes, 1 a commit",
            1,
            1,
            Numbers.SHORT_BYTES,
            List.of(
                    Medium.COPPICE,
                    Medium.COPPICE_LATEST,
                    Medium.AGRONA,
                    Medium.AERON,
                    Medium.CHRONICLE_QUEUE,
                    Medium.UNIX_SOCKET,
                    Medium.PIPE)),
    /** Everyone gets everything. */
    MULTICAST(
            "1 to 3, 64 bytes, 64 a commit, slowest reader",
            3,
            Numbers.BATCH,
            Numbers.SHORT_BYTES,
            List.of(
                    Medium.COPPICE,
                    Medium.COPPICE_ONE_READER,
                    Medium.AERON,
                    Medium.CHRONICLE_QUEUE)),
    /** There and back, and nobody sleeps. */
    SPINNING(
            "round trip, 64 bytes, spinning",
            Numbers.ANSWERED,
            1,
            Numbers.SHORT_BYTES,
            List.of(
                    Medium.COPPICE,
                    Medium.WORDS,
                    Medium.AGRONA,
                    Medium.AERON,
                    Medium.CHRONICLE_QUEUE)),
    /** There and back, and who waits sleeps. */
    PARKED(
            "round trip, 64 bytes, parked",
            Numbers.ANSWERED,
            1,
            Numbers.SHORT_BYTES,
            List.of(Medium.COPPICE_PARKED, Medium.FUTEX, Medium.UNIX_SOCKET, Medium.PIPE)),
    /** A stream of short writes. */
    STREAM_SHORT("channel, writes of 64 bytes", 1, 1, Numbers.SHORT_BYTES, Numbers.STREAMS),
    STREAM_PAGE("channel, writes of 4 KiB", 1, 1, 4 * 1024, Numbers.STREAMS),
    STREAM_LONG("channel, writes of 64 KiB", 1, 1, 64 * 1024, Numbers.STREAMS),
    /** There and back through a stream. */
    STREAM_ANSWERED(
            "channel, round trip, 64 bytes",
            Numbers.ANSWERED,
            1,
            Numbers.SHORT_BYTES,
            Numbers.STREAMS);

    /** So many short messages are a turn; of longer ones as many as have as many bytes. */
    private static final int MESSAGES = 500_000;

    private static final int ROUND_TRIPS = 20_000;

    private final String caseName;
    private final int readers;
    private final int batch;
    private final int messageBytes;

    // Written once, by the constructor, and immutable.
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Medium> media;

    Traffic(
            final String caseName,
            final int readers,
            final int batch,
            final int messageBytes,
            final List<Medium> media) {
        this.caseName = caseName;
        this.readers = readers;
        this.batch = batch;
        this.messageBytes = messageBytes;
        this.media = media;
    }

    /** Returns what the case is called. */
    String caseName() {
        return caseName;
    }

    /** Returns who carries it. */
    List<Medium> media() {
        return media;
    }

    boolean isRoundTrip() {
        return readers == Numbers.ANSWERED;
    }

    /** Returns how many processes there are beside the first. */
    int others() {
        return isRoundTrip() ? 1 : readers;
    }

    /** Returns how many messages are sent at a time. */
    int batch() {
        return batch;
    }

    /** Returns the length of each message, a multiple of 8. */
    int messageBytes() {
        return messageBytes;
    }

    /** Returns how many messages, or round trips, a turn has. */
    int messages() {
        return isRoundTrip() ? ROUND_TRIPS : MESSAGES / (messageBytes / Numbers.SHORT_BYTES);
    }

    Unit unit() {
        return isRoundTrip() ? Unit.US : Unit.MESSAGES_PER_SECOND;
    }

    /** Constants of the enum itself could not be used for its own values. */
    private static final class Numbers {
        static final int BATCH = 64;
        static final int SHORT_BYTES = 64;

        static final List<Medium> STREAMS =
                List.of(Medium.CHANNEL, Medium.CHANNEL_PARKED, Medium.UNIX_SOCKET);

        /** Instead of a number of readers: there is one, and it answers. */
        static final int ANSWERED = 0;
    }
}
