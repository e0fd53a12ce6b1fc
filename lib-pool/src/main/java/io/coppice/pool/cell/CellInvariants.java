package io.coppice.pool.cell;

import static io.coppice.pool.cell.CellLayout.COPY_LENGTH;
import static io.coppice.pool.cell.CellLayout.FLIPS;
import static io.coppice.pool.cell.CellLayout.KIND;
import static io.coppice.pool.cell.CellLayout.TEXT_BYTES_MAX;

import io.coppice.pool.Memory;
import java.util.List;

/** Checks what must hold of a cell at any time. Reads only, trusts nothing; for any process. */
public final class CellInvariants {
    private CellInvariants() {}

    /** Returns what is wrong, one line each; nothing where the cell is sound. */
    public static List<String> check(final Memory arena, final long offset, final long bytes) {
        final String damage = CellReader.damage(arena, offset, bytes);
        if (damage != null) {
            return List.of("cell at " + offset + ": " + damage);
        }
        if (arena.getLong(offset + KIND) != CellKind.TEXT.ordinal() + 1L) {
            return List.of();
        }
        final long most = arena.getLong(offset + TEXT_BYTES_MAX);
        final long flips = arena.getLongAcquire(offset + FLIPS);
        final long at = offset + CellLayout.copy(flips, most) + COPY_LENGTH;
        final long length = arena.getLong(at);
        return length < 0 || length > most
                ? List.of("cell at " + offset + ": " + length + " of " + most + " bytes, at " + at)
                : List.of();
    }
}
