package io.coppice.pool;

import java.util.ArrayList;
import java.util.List;

/** Reads which structures an arena has; for any process that maps it, read-only too. Allocates. */
public final class ArenaDirectory {
    private ArenaDirectory() {}

    /**
     * Returns the structures that are whole.
     *
     * @throws ArenaException where the directory is damaged
     */
    public static List<Structure> list(final Memory arena) {
        final long count = arena.getLongAcquire(ArenaLayout.ENTRY_COUNT);
        if (count < 0 || count > ArenaLayout.DIRECTORY_ENTRIES) {
            throw new ArenaException("the directory claims " + count + " entries");
        }
        final List<Structure> structures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            structures.add(ArenaFile.readEntry(arena, i));
        }
        return structures;
    }

    /** Returns the structure of a name, or null where there is none. */
    public static Structure find(final Memory arena, final String name) {
        for (final Structure structure : list(arena)) {
            if (structure.name().equals(name)) {
                return structure;
            }
        }
        return null;
    }
}
