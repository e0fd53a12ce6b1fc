package io.coppice.pool.cell;

import io.coppice.pool.Memory;
import java.util.List;

/** Checks what must hold of a counter at any time. Reads only, trusts nothing; for any process. */
public final class CounterInvariants {
    private CounterInvariants() {}

    /** Returns what is wrong, one line each; nothing where the counter is sound. */
    public static List<String> check(final Memory arena, final long offset, final long bytes) {
        final String damage = Counter.damage(arena, offset, bytes);
        return damage == null ? List.of() : List.of("counter at " + offset + ": " + damage);
    }
}
