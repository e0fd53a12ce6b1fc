package io.coppice.bench.ring;

import io.coppice.bench.BenchFailure;
import org.agrona.DirectBuffer;

/**
 * Looks at every byte of every message: word {@code i} of message {@code n} is {@code n + i}, and
 * messages come in the order of their numbers, none missing and none twice. For one thread.
 */
final class MessageCheck {
    private final int messageBytes;
    private long next;
    private long lost;

    /**
     * Begins with message 0.
     *
     * @param messageBytes length of each message, a multiple of 8
     */
    MessageCheck(final int messageBytes) {
        this.messageBytes = messageBytes;
    }

    /** Returns the number of the message that is to come next. */
    long next() {
        return next;
    }

    /** Returns how many messages were told to be lost. */
    long lost() {
        return lost;
    }

    /** The subject itself says that messages are lost before the next one. */
    void lost(final long messages) {
        lost += messages;
        next += messages;
    }

    /** Takes a message. */
    void take(final DirectBuffer buffer, final int index, final int length) {
        if (length != messageBytes) {
            throw wrong("is " + length + " bytes long instead of " + messageBytes);
        }
        long sum = 0;
        for (int at = index; at < index + length; at += Long.BYTES) {
            sum += buffer.getLong(at);
        }
        takeSum(buffer.getLong(index), sum);
    }

    /** Takes a message whose first word and sum of words are known. */
    void takeSum(final long number, final long sum) {
        final long words = messageBytes / Long.BYTES;
        if (number != next) {
            throw wrong("came as number " + number);
        }
        if (sum != words * number + words * (words - 1) / 2) {
            throw wrong("holds something else: its words add up to " + sum);
        }
        next++;
    }

    /** Takes a message that is nothing but its number. */
    void takeNumber(final long number) {
        if (number != next) {
            throw wrong("came as number " + number);
        }
        next++;
    }

    private BenchFailure wrong(final String what) {
        return new BenchFailure(BenchFailure.BUG, "message " + next + " " + what);
    }
}
