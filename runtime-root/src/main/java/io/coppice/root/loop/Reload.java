package io.coppice.root.loop;

import io.coppice.pool.board.Answer;

/** What root's loop asks of a reload. For root's thread. */
interface Reload {
    /** Where there is nothing to go on with. */
    Reload NONE =
            new Reload() {
                @Override
                public Answer begin(final long writer, final int mailSlot, final long request) {
                    return Answer.UNKNOWN;
                }

                @Override
                public void step(final long nowNs) {
                    // Nothing is ever under way.
                }

                @Override
                public void abandon() {
                    // Nothing is ever under way.
                }

                @Override
                public boolean isUnderWay() {
                    return false;
                }

                @Override
                public boolean isDone() {
                    return false;
                }
            };

    /**
     * Begins one, where the plan is there and can be applied.
     *
     * @param writer pid in the name of the plan, unchecked
     * @param mailSlot place of the request
     * @param request its number; answered once more where the reload fails later
     * @return ACCEPTED where it is under way from now on
     */
    Answer begin(long writer, int mailSlot, long request);

    /** Goes on with the one that is under way; allocates nothing where there is none. */
    void step(long nowNs);

    /** Forgets the one that is under way: the tree stops. */
    void abandon();

    /** Returns whether one was begun and is not over. */
    boolean isUnderWay();

    /** Returns whether this root is what a reload has begun anew. */
    boolean isDone();
}
