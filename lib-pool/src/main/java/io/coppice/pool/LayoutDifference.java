package io.coppice.pool;

import io.coppice.pool.schema.StructureHeader;

/** Says what a build changes in a structure that an earlier build laid out. */
final class LayoutDifference {
    private static final String CURE = "; onCrash=reset, migrate(...) or the old build";

    private LayoutDifference() {}

    /**
     * Returns one line, or null where what is there is what this build wants.
     *
     * @param wanted null where this build wants no header
     * @param layout null where the body says nothing of itself
     * @throws ArenaException where the directory or the header there is damaged
     */
    static String of(
            final Memory arena,
            final String name,
            final StructureKind kind,
            final long bytes,
            final StructureHeader wanted,
            final BodyLayout layout) {
        final Structure whole = ArenaDirectory.find(arena, name);
        if (whole == null) {
            return "the arena has no structure \""
                    + name
                    + "\": this build lays out another set"
                    + CURE;
        }
        if (whole.kind() == kind) {
            // Before the sizes are compared, since what changed a size says more than it.
            final String ofHeader = ofHeader(arena, name, wanted);
            if (ofHeader != null) {
                return ofHeader;
            }
        }
        if (whole.kind() != kind || whole.bytes() != bytes) {
            return "structure \""
                    + name
                    + "\" is "
                    + whole.kind()
                    + " of "
                    + whole.bytes()
                    + " bytes, this build wants "
                    + kind
                    + " of "
                    + bytes
                    + CURE;
        }
        final Structure body = wanted == null ? whole : ArenaDirectory.body(whole, wanted);
        final String ofBody = layout == null ? null : ofBody(arena, body, layout);
        return ofBody == null ? null : name + ": " + ofBody + CURE;
    }

    /** Kind, header and size are right, so a body that is none is damaged. */
    private static String ofBody(
            final Memory arena, final Structure body, final BodyLayout layout) {
        try {
            return layout.difference(arena, body);
        } catch (final ArenaException damaged) {
            throw new DamagedArenaException(damaged.getMessage(), damaged);
        }
    }

    private static String ofHeader(
            final Memory arena, final String name, final StructureHeader wanted) {
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
