package io.coppice.bench;

import io.coppice.pool.Journal;
import io.coppice.pool.MappedFile;
import java.nio.file.Path;

/**
 * A successor: maps a file, attaches to the journal at its start, recovers, and prints how many
 * nanoseconds that took. The first argument is the file, the second the size of the journal.
 */
public final class RecoveryChild {
    private RecoveryChild() {}

    /** Recovers once; ends with 1 where there was nothing to undo. */
    public static void main(final String[] args) {
        final Path file = Path.of(args[0]);
        final long journalBytes = Long.parseLong(args[1]);
        final long start = System.nanoTime();
        final Journal journal = new Journal(MappedFile.writable(file), 0, journalBytes);
        final boolean undone = journal.recover();
        final long ns = System.nanoTime() - start;
        System.out.println(ns);
        if (!undone) {
            System.exit(1);
        }
    }
}
