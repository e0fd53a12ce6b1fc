package io.coppice.pool.schema;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;
import java.util.List;

/**
 * Checks what must hold of every header once its arena is laid out, for {@code coppice state
 * verify} and for tests. Reads only, trusts nothing, never throws for what it finds; for any
 * process that maps the arena. Allocates.
 */
public final class StructureHeaderInvariants {
    private StructureHeaderInvariants() {}

    /**
     * Returns what is wrong, one line each; nothing where the header is sound.
     *
     * @param offset of the structure
     * @param bytes of the structure, its header included
     */
    public static List<String> check(final Memory arena, final long offset, final long bytes) {
        try {
            StructureHeaderReader.read("structure", arena, offset, bytes);
            return List.of();
        } catch (final ArenaException damaged) {
            return List.of(damaged.getMessage());
        }
    }
}
