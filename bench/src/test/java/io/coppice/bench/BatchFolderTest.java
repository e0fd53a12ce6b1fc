package io.coppice.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BatchFolderTest {
    @TempDir private Path folder;

    @Test
    void carriesTheQuestionAndTheAnswerOfEachBatch() throws IOException {
        final BatchFolder batches = new BatchFolder(folder);
        assertEquals(0, batches.asked(0));
        assertNull(batches.answered(0));

        batches.ask(0, 3);
        batches.answer(0, new long[] {5, 6, Long.MAX_VALUE});

        assertEquals(3, batches.asked(0));
        assertArrayEquals(new long[] {5, 6, Long.MAX_VALUE}, batches.answered(0));
        assertEquals(0, batches.asked(1));
    }
}
