package io.coppice.pool;

/**
 * A named part of an arena.
 *
 * @param name unique in the arena
 * @param kind what it is
 * @param offset from the start of the arena, 64-byte aligned
 * @param bytes of it
 */
public record Structure(String name, StructureKind kind, long offset, long bytes) {
    /**
     * Returns whether both say the same. Equality of a record would do, and is linked at its first
     * use, by method handles, which a starting daemon would wait for.
     */
    boolean isLike(final Structure other) {
        return name.equals(other.name)
                && kind == other.kind
                && offset == other.offset
                && bytes == other.bytes;
    }
}
