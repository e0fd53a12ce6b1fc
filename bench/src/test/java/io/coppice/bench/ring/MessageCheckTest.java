package io.coppice.bench.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.coppice.bench.BenchFailure;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

final class MessageCheckTest {
    private static final int LENGTH = 64;

    private final MessageCheck check = new MessageCheck(LENGTH);

    @Test
    void takesMessagesInTheirOrder() {
        for (int number = 0; number < 100; number++) {
            check.take(message(number), 8, LENGTH);
        }
        assertEquals(100, check.next());
        assertEquals(0, check.lost());
    }

    @Test
    void catchesOneThatIsMissing() {
        check.take(message(0), 8, LENGTH);
        assertEquals(
                "message 1 came as number 2",
                assertThrows(BenchFailure.class, () -> check.take(message(2), 8, LENGTH))
                        .getMessage());
    }

    @Test
    void catchesOneThatComesTwice() {
        check.take(message(0), 8, LENGTH);
        assertThrows(BenchFailure.class, () -> check.take(message(0), 8, LENGTH));
    }

    @Test
    void catchesAChangeOfAnyByte() {
        for (int at = 0; at < LENGTH; at++) {
            final UnsafeBuffer message = message(0);
            message.putByte(8 + at, (byte) (message.getByte(8 + at) ^ 4));
            assertThrows(BenchFailure.class, () -> check.take(message, 8, LENGTH));
        }
        check.take(message(0), 8, LENGTH);
    }

    @Test
    void catchesAnotherLength() {
        assertThrows(BenchFailure.class, () -> check.take(message(0), 8, LENGTH - 8));
    }

    @Test
    void goesOnBehindWhatWasToldToBeLost() {
        check.take(message(0), 8, LENGTH);
        check.lost(3);
        check.take(message(4), 8, LENGTH);
        assertEquals(5, check.next());
        assertEquals(3, check.lost());
    }

    @Test
    void catchesANumberOutOfOrder() {
        check.takeNumber(0);
        assertThrows(BenchFailure.class, () -> check.takeNumber(2));
    }

    private static UnsafeBuffer message(final long number) {
        final UnsafeBuffer message = new UnsafeBuffer(new byte[LENGTH + 16]);
        for (int word = 0; word < LENGTH / Long.BYTES; word++) {
            message.putLong(8 + word * Long.BYTES, number + word);
        }
        return message;
    }

    @Test
    void looksAtAWordOfEvery512BytesOfALongMessage() {
        final int length = 4096;
        final UnsafeBuffer message = new UnsafeBuffer(new byte[length]);
        for (int at = 0; at < length; at += MessageCheck.strideBytes(length)) {
            message.putLong(at, at / Long.BYTES);
        }
        final MessageCheck check = new MessageCheck(length);
        check.take(message, 0, length);
        assertEquals(1, check.next());
        assertEquals(
                "message 1 has the word 0 at byte 0",
                assertThrows(BenchFailure.class, () -> check.take(message, 0, length))
                        .getMessage());
        message.putLong(3584, 0);
        assertThrows(BenchFailure.class, () -> new MessageCheck(length).take(message, 0, length));
    }
}
