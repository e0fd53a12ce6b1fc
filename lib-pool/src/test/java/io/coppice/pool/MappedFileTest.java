package io.coppice.pool;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file is mapped once, and never taken for the one that had its name before. */
class MappedFileTest {
    private static final int REPLACEMENTS = 3_000;

    @TempDir Path folder;

    @Test
    void aFileIsMappedOnceForEachWayToUseIt() throws IOException {
        final Path file = write(1);
        assertSame(MappedFile.readOnly(file), MappedFile.readOnly(file));
        assertNotSame(MappedFile.readOnly(file), MappedFile.writable(file));
        MappedFile.writable(file).putLong(0, 2);
        assertEquals(2, MappedFile.readOnly(file).getLong(0));
    }

    @Test
    void aFileThatIsReplacedWhileItIsMappedIsNotTakenForItsSuccessor()
            throws IOException, InterruptedException {
        final Path file = write(0);
        final AtomicReference<IOException> refused = new AtomicReference<>();
        final Thread replacer =
                new Thread(
                        () -> {
                            try {
                                for (int number = 1; number <= REPLACEMENTS; number++) {
                                    write(number);
                                }
                            } catch (final IOException failure) {
                                refused.set(failure);
                            }
                        });
        replacer.start();
        long maps = 0;
        while (replacer.isAlive()) {
            final long number = numberIn(file);
            final long again = number(MappedFile.readOnly(file));
            assertTrue(again >= number, () -> "mapped " + again + ", the file said " + number);
            maps++;
        }
        replacer.join();
        assertEquals(null, refused.get());
        assertTrue(maps > 0);
        assertEquals(REPLACEMENTS, number(MappedFile.readOnly(file)));
    }

    private static long number(final Memory memory) {
        return memory.getLong(0);
    }

    private static long numberIn(final Path file) {
        try {
            return ByteBuffer.wrap(Files.readAllBytes(file))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .getLong();
        } catch (final IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private Path write(final long number) throws IOException {
        final Path file = folder.resolve("file");
        final Path draft = folder.resolve("draft");
        Files.write(
                draft,
                ByteBuffer.allocate(Long.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(number)
                        .array());
        // Kept alive, so that no later file is given its key.
        Files.createLink(folder.resolve("kept-" + number), draft);
        return Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
