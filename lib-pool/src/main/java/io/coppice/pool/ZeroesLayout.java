package io.coppice.pool;

/** Of a body that is laid out where its memory is zeroed. */
final class ZeroesLayout implements BodyLayout {
    @Override
    public void layOut(final Memory arena, final long offset) {
        // Zeroes are what its user takes for an empty one.
    }
}
