package io.coppice.bench.ring;

/**
 * What came of a turn.
 *
 * @param messages that were sent
 * @param received by the one who received fewest
 * @param writtenNs from before the first message was sent until the last one was
 * @param wholeNs from before the first message was sent until the last receiver had the last one
 */
record RingTurn(long messages, long received, long writtenNs, long wholeNs) {
    private static final double NS_PER_SECOND = 1e9;

    /** Returns messages in a second as the slowest receiver saw them. */
    double receivedPerSecond() {
        return received * NS_PER_SECOND / wholeNs;
    }

    /** Returns messages in a second as the sender saw them. */
    double writtenPerSecond() {
        return messages * NS_PER_SECOND / writtenNs;
    }
}
