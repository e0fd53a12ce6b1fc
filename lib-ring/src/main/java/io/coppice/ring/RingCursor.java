package io.coppice.ring;

import io.coppice.pool.Arena;
import io.coppice.pool.ArenaException;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.Journal;
import io.coppice.pool.Memory;

/**
 * The line of a reader's own arena that says how far it has read one ring. What changes there
 * changes with the reader's transactions.
 */
final class RingCursor {
    /** The number of the next message, where any is the right one. */
    static final long ANY = -1;

    private final Memory own;
    private final Journal journal;
    private final long line;

    private RingCursor(final Arena arena, final long line) {
        this.own = arena.memory();
        this.journal = arena.journal();
        this.line = line;
    }

    /** Finds the line of a ring, or takes one. */
    static RingCursor open(final Arena arena, final long key, final String ring) {
        final Memory memory = arena.memory();
        for (int i = 0; i < ArenaLayout.CURSORS; i++) {
            final long line = ArenaLayout.cursor(i);
            final long there = memory.getLong(line + ArenaLayout.CURSOR_KEY);
            if (there == 0) {
                memory.putLongRelease(line + ArenaLayout.CURSOR_KEY, key);
            }
            if (there == 0 || there == key) {
                return new RingCursor(arena, line);
            }
        }
        throw new ArenaException(
                "ring \"" + ring + "\": more than " + ArenaLayout.CURSORS + " rings to read");
    }

    long generation() {
        return own.getLong(line + ArenaLayout.CURSOR_GENERATION);
    }

    long position() {
        return own.getLong(line + ArenaLayout.CURSOR_POSITION);
    }

    long number() {
        return own.getLong(line + ArenaLayout.CURSOR_NUMBER);
    }

    long lost() {
        return own.getLong(line + ArenaLayout.CURSOR_LOST);
    }

    /** Begins somewhere. All words change together; the writer looks at the generation first. */
    void start(final long position, final long number, final long generation) {
        journal.begin();
        journal.putLong(line + ArenaLayout.CURSOR_POSITION, position);
        journal.putLong(line + ArenaLayout.CURSOR_NUMBER, number);
        journal.deferLong(line + ArenaLayout.CURSOR_GENERATION, generation);
        journal.commit();
    }

    /** Goes on with the commit of the transaction under way. */
    void defer(final long position, final long number, final long lost) {
        journal.deferLong(line + ArenaLayout.CURSOR_NUMBER, number);
        if (lost != lost()) {
            journal.deferLong(line + ArenaLayout.CURSOR_LOST, lost);
        }
        // Last, since it is what the writer looks at.
        journal.deferLong(line + ArenaLayout.CURSOR_POSITION, position);
    }
}
