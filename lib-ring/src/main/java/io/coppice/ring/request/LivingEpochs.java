package io.coppice.ring.request;

import io.coppice.pool.OwnerWord;
import io.coppice.pool.board.Board;

/** What is known for certain of who is dead. From any thread; allocates nothing. */
@FunctionalInterface
public interface LivingEpochs {
    /**
     * Returns the epoch of the one incarnation of a daemon that is not certified dead; 0 where
     * there is none.
     *
     * @param slot of the daemon in the tree
     */
    long of(int slot);

    /** Returns whether an incarnation is certified dead. */
    default boolean isDead(final long ownerWord) {
        return of(OwnerWord.slot(ownerWord)) != OwnerWord.epoch(ownerWord);
    }

    /**
     * As root says on the board. It stores an epoch before it spawns that incarnation and after the
     * kernel has certified the death of the one before; whoever has read a word of an incarnation
     * therefore sees its epoch here, or a later one. A standby has its epoch in a word of its own
     * from its spawn on, and may go on in the daemon's place before root knows: it is not dead, and
     * the one before it counts as living until root says so.
     */
    static LivingEpochs on(final Board board) {
        return new BoardEpochs(board);
    }
}
