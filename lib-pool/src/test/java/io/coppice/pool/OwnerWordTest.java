package io.coppice.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnerWordTest {
    private static final long EPOCH_MAX = (1L << 47) - 1;

    @ParameterizedTest
    @CsvSource({"0, 1", "65535, 1", "0, 140737488355327", "65535, 140737488355327", "7, 65536"})
    void givesBackWhatWasPacked(final int slot, final long epoch) {
        final long word = OwnerWord.of(slot, epoch);

        assertEquals(slot, OwnerWord.slot(word));
        assertEquals(epoch, OwnerWord.epoch(word));
        assertTrue(word > 0, "a word is positive, so that its sign is free");
        assertNotEquals(OwnerWord.NOBODY, word);
    }

    @ParameterizedTest
    @CsvSource({"-1, 1", "65536, 1", "0, 0", "0, -1", "0, 140737488355328"})
    void refusesWhatDoesNotFit(final int slot, final long epoch) {
        assertThrows(IllegalArgumentException.class, () -> OwnerWord.of(slot, epoch));
    }

    @Test
    void differsBetweenIncarnationsAndBetweenSlots() {
        assertNotEquals(OwnerWord.of(3, 4), OwnerWord.of(3, 5));
        assertNotEquals(OwnerWord.of(3, 4), OwnerWord.of(4, 4));
        assertNotEquals(OwnerWord.of(1, EPOCH_MAX), OwnerWord.of(2, EPOCH_MAX));
    }
}
