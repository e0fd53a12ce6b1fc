package io.coppice.pool;

import io.coppice.pool.schema.StructureHeader;
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
            throw new DamagedArenaException("the directory claims " + count + " entries");
        }
        final List<Structure> structures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            structures.add(ArenaFile.readEntry(arena, i));
        }
        return structures;
    }

    /**
     * Returns what a structure says of its keys and records, or null where it has no header.
     *
     * @throws ArenaException where there is no such structure, or the directory or the header is
     *     damaged
     */
    public static StructureHeader header(final Memory arena, final String name) {
        final List<Structure> structures = list(arena);
        for (int i = 0; i < structures.size(); i++) {
            if (structures.get(i).name().equals(name)) {
                return header(arena, i, structures.get(i));
            }
        }
        throw new ArenaException("the arena has no structure \"" + name + "\"");
    }

    /**
     * Returns the part of a structure that lies behind its header: all of it where it has none.
     * Null where there is no structure of that name.
     *
     * @throws ArenaException where the directory or the header is damaged
     */
    public static Structure findBody(final Memory arena, final String name) {
        final Structure whole = find(arena, name);
        final StructureHeader header = whole == null ? null : header(arena, name);
        return header == null ? whole : body(whole, header);
    }

    static Structure body(final Structure whole, final StructureHeader header) {
        return new Structure(
                whole.name(),
                whole.kind(),
                whole.offset() + header.bodyOffset(),
                header.bodyBytes());
    }

    static StructureHeader header(final Memory arena, final int index, final Structure structure) {
        final long bodyOffset =
                arena.getLong(ArenaLayout.entry(index) + ArenaLayout.ENTRY_BODY_OFFSET);
        if (bodyOffset == 0) {
            return null;
        }
        final StructureHeader header =
                StructureHeader.read(
                        structure.name(), arena, structure.offset(), structure.bytes());
        if (header.bodyOffset() != bodyOffset) {
            throw new DamagedArenaException(
                    structure.name()
                            + ": the directory says that its body is at "
                            + bodyOffset
                            + ", its header says "
                            + header.bodyOffset());
        }
        return header;
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
