package io.coppice.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AnswerTimesTest {
    private static final long[] TIMES = {100, 110, 150, 160, 190, 200};

    @TempDir Path folder;

    @Test
    void findsTheLongestGapOfAStretch() {
        assertEquals(40, AnswerTimes.longestGapNs(TIMES, 105, 195));
        assertEquals(30, AnswerTimes.longestGapNs(TIMES, 150, 195));
        assertEquals(10, AnswerTimes.longestGapNs(TIMES, 151, 155));
    }

    @Test
    void countsAGapThatBeganBeforeOrEndedAfter() {
        assertEquals(40, AnswerTimes.longestGapNs(TIMES, 149, 155));
        assertEquals(30, AnswerTimes.longestGapNs(TIMES, 155, 161));
    }

    @Test
    void refusesAStretchThatIsNotCovered() {
        assertThrows(
                IllegalArgumentException.class, () -> AnswerTimes.longestGapNs(TIMES, 99, 150));
        assertThrows(
                IllegalArgumentException.class, () -> AnswerTimes.longestGapNs(TIMES, 150, 201));
        assertThrows(
                IllegalArgumentException.class,
                () -> AnswerTimes.longestGapNs(new long[0], 150, 151));
    }

    @Test
    void keepsTheLastAnswersInTheirOrder() throws IOException {
        final Path file = folder.resolve("times");
        Files.write(file, new byte[AnswerTimes.FILE_BYTES]);
        final Memory memory = MappedFile.writable(file);
        AnswerTimes.add(memory, 7);
        AnswerTimes.add(memory, 8);
        assertArrayEquals(new long[] {7, 8}, AnswerTimes.last(memory));

        for (int i = 0; i < AnswerTimes.KEPT; i++) {
            AnswerTimes.add(memory, 1_000 + i);
        }

        final long[] last = AnswerTimes.last(memory);
        assertEquals(AnswerTimes.KEPT / 2, last.length);
        assertEquals(1_000 + AnswerTimes.KEPT - 1, last[last.length - 1]);
        assertEquals(last[last.length - 1] - last.length + 1, last[0]);
        assertEquals(AnswerTimes.KEPT + 2, AnswerTimes.count(memory));
    }
}
