package io.coppice.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * How the bench asks a daemon of its for rounds and gets their times: a file each way for each
 * batch, which is there as a whole or not at all. Outside of what is measured.
 */
final class BatchFolder {
    private final Path folder;

    BatchFolder(final Path folder) {
        this.folder = folder;
    }

    /** Asks for a batch. */
    void ask(final int batch, final int rounds) throws IOException {
        write("ask-" + batch, new long[] {rounds});
    }

    /** Returns how many rounds are asked for, 0 where the batch is not asked for yet. */
    int asked(final int batch) throws IOException {
        final Path file = folder.resolve("ask-" + batch);
        return Files.exists(file) ? (int) read(file)[0] : 0;
    }

    /** Leaves the times of a batch, in nanoseconds. */
    void answer(final int batch, final long[] ns) throws IOException {
        write("answer-" + batch, ns);
    }

    /** Returns the times of a batch, null where they are not there yet. */
    long[] answered(final int batch) throws IOException {
        final Path file = folder.resolve("answer-" + batch);
        return Files.exists(file) ? read(file) : null;
    }

    private void write(final String name, final long[] words) throws IOException {
        final ByteBuffer bytes = ByteBuffer.allocate(words.length * Long.BYTES);
        bytes.asLongBuffer().put(words);
        final Path draft = folder.resolve(name + ".new");
        Files.write(draft, bytes.array());
        Files.move(draft, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private static long[] read(final Path file) throws IOException {
        final LongBuffer words = ByteBuffer.wrap(Files.readAllBytes(file)).asLongBuffer();
        final long[] copy = new long[words.remaining()];
        words.get(copy);
        return copy;
    }
}
