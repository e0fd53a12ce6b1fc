package io.coppice.ring;

import io.coppice.pool.ArenaException;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.MappedFile;
import io.coppice.pool.Memory;
import java.nio.file.Path;

/**
 * One reader as the ring's writer sees it: a cursor line in the reader's arena, of which the writer
 * maps only the page of cursors, read-only. What stands there is not trusted: a position before the
 * gate or beyond the tail is passed over. One between them may go backwards, as it does when the
 * reader's arena was cleared and it begins again.
 */
final class ReaderGate {
    private static final int NOT_FOUND = -1;

    private static final long SET_ASIDE = ArenaLayout.SET_ASIDE - ArenaLayout.CURSORS_OFFSET;

    private final Path arenaFile;
    private final int slot;
    private final long key;
    private Memory cursors;
    private int cursor = NOT_FOUND;
    private long seen;

    ReaderGate(final Path arenaFile, final int slot, final long key, final long gate) {
        this.arenaFile = arenaFile;
        this.slot = slot;
        this.key = key;
        this.seen = gate;
    }

    int slot() {
        return slot;
    }

    /**
     * Returns the position before which this reader needs nothing.
     *
     * @param oldest position that was not overwritten
     * @param tail position behind the newest record
     */
    long position(final long generation, final long oldest, final long tail) {
        if (cursors != null && cursors.getLongAcquire(SET_ASIDE) != 0) {
            // Root has put a fresh arena there, in which the reader begins again.
            cursors = null;
            cursor = NOT_FOUND;
        }
        if (cursor == NOT_FOUND) {
            find();
        }
        if (cursor != NOT_FOUND) {
            final long at = (long) cursor * ArenaLayout.CURSOR_BYTES;
            // The generation first: a reader that starts anew stores its position before the
            // generation it belongs to.
            final boolean ours =
                    cursors.getLongAcquire(at + ArenaLayout.CURSOR_GENERATION) == generation;
            final long position = cursors.getLongAcquire(at + ArenaLayout.CURSOR_POSITION);
            // The key last: a reader whose arena was cleared may use the line for another ring,
            // whose generation may be the same.
            if (cursors.getLongAcquire(at + ArenaLayout.CURSOR_KEY) != key) {
                cursor = NOT_FOUND;
            } else if (ours && position >= oldest && position <= tail) {
                seen = position;
            }
        }
        return seen;
    }

    private void find() {
        if (cursors == null) {
            try {
                cursors =
                        MappedFile.readOnly(
                                arenaFile, ArenaLayout.CURSORS_OFFSET, ArenaLayout.CURSORS_BYTES);
            } catch (final ArenaException notYet) {
                return;
            }
        }
        for (int i = 0; i < ArenaLayout.CURSORS; i++) {
            if (cursors.getLongAcquire((long) i * ArenaLayout.CURSOR_BYTES + ArenaLayout.CURSOR_KEY)
                    == key) {
                cursor = i;
                return;
            }
        }
    }
}
