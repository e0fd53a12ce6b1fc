package io.coppice.pool.migrate;

import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import java.lang.foreign.Arena;

/**
 * The journal that new structures are filled under. It lies in this process alone: what a death
 * leaves is not undone but cleared, so the daemon's own journal may be as small as it likes.
 */
final class FillJournal implements AutoCloseable {
    /** No writer of an arena has this number, so no mark left behind is ever taken for its own. */
    private static final int NUMBER = Journal.NUMBERS_MAX - 1;

    private static final long ALIGNMENT = 64;

    private final Arena lifetime = Arena.ofConfined();
    private final Journal journal;

    /**
     * Makes one.
     *
     * @param bytes that a transaction needs at most, with what the journal itself takes
     */
    FillJournal(final MigrationSite site, final long bytes) {
        journal =
                Journal.unshared(
                        site.arena(), Memory.of(lifetime.allocate(bytes, ALIGNMENT)), NUMBER);
    }

    Journal journal() {
        return journal;
    }

    /** Frees the memory; structures that were attached with it must not be used any more. */
    @Override
    public void close() {
        lifetime.close();
    }
}
