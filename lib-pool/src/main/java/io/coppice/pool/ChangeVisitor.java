package io.coppice.pool;

/** Is shown the ranges that a transaction changed. */
@FunctionalInterface
public interface ChangeVisitor {
    /**
     * A range was changed, as a whole or in part; what it holds now is its after-image. Ranges may
     * overlap and may be shown more than once.
     *
     * @param offset in the arena, in bytes
     * @param length in bytes
     */
    void onChange(long offset, long length);
}
