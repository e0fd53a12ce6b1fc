package io.coppice.examples.ledger;

import org.agrona.DirectBuffer;

/**
 * One line of a file of transfers, {@code id,from,to,cents}: four decimal numbers from 1. Reads in
 * place and allocates nothing. For one thread.
 */
public final class TransferLine {
    /** First line of every file. */
    public static final String HEADER = "id,from,to,cents";

    /** Longest line, in bytes, without its end. */
    public static final int BYTES_MAX = 127;

    /** Most that one transfer moves, in cents. */
    public static final long CENTS_MAX = 1_000_000_000_000L;

    private static final int NUMBERS = 4;
    private static final int DECIMAL = 10;

    private final long[] numbers = new long[NUMBERS];

    /**
     * Reads a line.
     *
     * @param length of the line in bytes, without its end
     * @return whether it is a transfer: four numbers from 1, between two accounts, of at most
     *     {@link #CENTS_MAX}
     */
    public boolean read(final DirectBuffer buffer, final int index, final int length) {
        int at = index;
        final int end = index + length;
        for (int i = 0; i < NUMBERS; i++) {
            at = number(buffer, at, end, i);
            final boolean separated =
                    i == NUMBERS - 1 ? at == end : at < end && at >= 0 && buffer.getByte(at) == ',';
            if (at < 0 || !separated) {
                return false;
            }
            at++;
        }
        return from() != to() && cents() <= CENTS_MAX;
    }

    /** Returns the number of the transfer, unlike that of any other. */
    public long id() {
        return numbers[0];
    }

    /** Returns the account that pays. */
    public long from() {
        return numbers[1];
    }

    /** Returns the account that is paid. */
    public long to() {
        return numbers[2];
    }

    /** Returns how much, in cents. */
    public long cents() {
        return numbers[3];
    }

    /** Returns where the number ends, or -1 where there is none from 1 to the largest long. */
    private int number(final DirectBuffer buffer, final int start, final int end, final int which) {
        long value = 0;
        int at = start;
        while (at < end && buffer.getByte(at) >= '0' && buffer.getByte(at) <= '9') {
            final int digit = buffer.getByte(at) - '0';
            if (value > (Long.MAX_VALUE - digit) / DECIMAL) {
                return -1;
            }
            value = value * DECIMAL + digit;
            at++;
        }
        numbers[which] = value;
        return value == 0 ? -1 : at;
    }
}
