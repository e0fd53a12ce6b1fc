package io.coppice.bench.ring;

import io.coppice.bench.BenchFailure;
import org.agrona.DirectBuffer;

/**
 * Looks at every message: word {@code i} of message {@code n} is {@code n + i}, and messages come
 * in the order of their numbers, none missing and none twice. Of a long one it looks at some words
 * only, since to write and look at all of them takes longer than to carry them. For one thread.
 */
final class MessageCheck {
    /** Messages up to here are looked at as a whole. */
    private static final int WHOLE_BYTES = 64;

    /** Of longer ones, the first word of so many bytes. */
    private static final int STRIDE_BYTES = 512;

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

    /** Returns how far the words of a message are apart that are written and looked at. */
    static int strideBytes(final int messageBytes) {
        return messageBytes <= WHOLE_BYTES ? Long.BYTES : STRIDE_BYTES;
    }

    /** Takes a message. */
    void take(final DirectBuffer buffer, final int index, final int length) {
        if (length != messageBytes) {
            throw wrong("is " + length + " bytes long instead of " + messageBytes);
        }
        if (length > WHOLE_BYTES) {
            takeLong(buffer, index);
            return;
        }
        long sum = 0;
        for (int at = index; at < index + length; at += Long.BYTES) {
            sum += buffer.getLong(at);
        }
        takeSum(buffer.getLong(index), sum);
    }

    private void takeLong(final DirectBuffer buffer, final int index) {
        for (int at = 0; at < messageBytes; at += STRIDE_BYTES) {
            final long word = buffer.getLong(index + at);
            if (word != next + at / Long.BYTES) {
                throw wrong("has the word " + word + " at byte " + at);
            }
        }
        next++;
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
