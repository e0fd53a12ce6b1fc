package io.coppice.pool;

/**
 * How the body of a structure is laid out, for whoever finds a place for it.
 *
 * <p>Implementations are classes, not lambdas, which a starting daemon would wait for.
 */
public interface BodyLayout {
    /**
     * Lays the body out in zeroed memory, without a transaction: nothing leads there yet, and a
     * death starts over from zeroes.
     *
     * @param offset of the body in the arena, 64-byte aligned
     */
    void layOut(Memory arena, long offset);

    /**
     * Says what this build changes in a body though kind, sizes and header agree, such as {@code
     * keys grew from 9 to 12 bytes}; null where nothing.
     *
     * @param body that an earlier incarnation laid out
     */
    default String difference(final Memory arena, final Structure body) {
        return null;
    }
}
