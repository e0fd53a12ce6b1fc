package io.coppice.bench;

import io.coppice.pool.ArenaLayout;
import io.coppice.pool.Journal;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/**
 * Shared memory as an arena has it, with a journal before everything else. Without an arena's
 * directory, which no operation looks at.
 *
 * @param memory all of it, zeroed, every page there
 * @param journal over all of it, with no transaction under way
 * @param offset of the first byte after the journal, 64-byte aligned
 */
record StateMemory(Memory memory, Journal journal, long offset) {
    /**
     * Makes a new file.
     *
     * @param journalBytes of the journal, a multiple of 64
     * @param bytes that are left after it
     */
    static StateMemory create(final Path file, final long journalBytes, final long bytes)
            throws IOException {
        try (RandomAccessFile made = new RandomAccessFile(file.toFile(), "rw")) {
            made.setLength(0);
            made.setLength(ArenaLayout.align(journalBytes + bytes));
        }
        final Memory memory = MappedFile.writable(file);
        // Root allocates every page before it starts a daemon, so no daemon's store makes one.
        memory.fill(0, memory.bytes(), (byte) 0);
        return attach(memory, journalBytes);
    }

    /** Attaches a journal and recovers it, as a successor does. */
    static StateMemory attach(final Memory memory, final long journalBytes) {
        final Journal journal = new Journal(memory, 0, journalBytes);
        journal.recover();
        return new StateMemory(memory, journal, journalBytes);
    }
}
