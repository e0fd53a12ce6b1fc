package io.coppice.pool;

import io.coppice.pool.schema.StructureHeader;

/** Says what a build changes in a structure that an earlier build laid out. */
final class LayoutDifference {
    private static final String CURE = "; onCrash=reset, migrate(...) or the old build";

    private LayoutDifference() {}

    /**
     * Returns one line that begins with the structure's name, or null where the header there says
     * what this build wants, or there is no such structure of this kind.
     *
     * @param wanted null where this build wants no header
     * @throws ArenaException where the header there is damaged
     */
    static String of(
            final Memory arena,
            final String name,
            final StructureKind kind,
            final StructureHeader wanted) {
        final Structure whole = ArenaDirectory.find(arena, name);
        if (whole == null || whole.kind() != kind) {
            return null;
        }
        final StructureHeader there = ArenaDirectory.header(arena, name);
        if (there == null || wanted == null) {
            return there == wanted
                    ? null
                    : name
                            + ": its keys and records "
                            + (there == null ? "got a schema" : "lost their schema")
                            + CURE;
        }
        final String difference = wanted.difference(there);
        if (difference == null) {
            return null;
        }
        final String fields = wanted.fieldDifference(there);
        return name + ": " + difference + CURE + (fields == null ? "" : " (" + fields + ")");
    }
}
