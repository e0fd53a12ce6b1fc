package io.coppice.root.loop;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RandomnessTest {
    @Test
    void theSameSeedTellsTheSameNumbersAndAnotherOthers() {
        assertArrayEquals(numbers(7), numbers(7));
        assertFalse(Arrays.equals(numbers(7), numbers(8)));
    }

    @Test
    void theNumbersAreThoseOfSplitMix64() {
        final Randomness randomness = new Randomness(1234567);
        // The reference's first three numbers for this seed, modulo 2^31 - 1.
        for (final String number :
                new String[] {
                    "6457827717110365317", "3203168211198807973", "9817491932198370423"
                }) {
            assertEquals(
                    Long.remainderUnsigned(Long.parseUnsignedLong(number), Integer.MAX_VALUE),
                    randomness.below(Integer.MAX_VALUE));
        }
    }

    @Test
    void staysWithinItsBoundsAndReachesThem() {
        final Randomness randomness = new Randomness(1);
        final int[] hits = new int[5];
        for (int i = 0; i < 10_000; i++) {
            final long number = randomness.between(-2, 2);
            assertTrue(number >= -2 && number <= 2);
            hits[(int) number + 2]++;
            assertEquals(0, randomness.below(1));
        }
        for (final int hit : hits) {
            assertTrue(hit > 1_800 && hit < 2_200, Arrays.toString(hits));
        }
    }

    private static long[] numbers(final long seed) {
        final Randomness randomness = new Randomness(seed);
        final long[] numbers = new long[100];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = randomness.between(0, Long.MAX_VALUE - 1);
        }
        return numbers;
    }
}
