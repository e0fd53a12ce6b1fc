package io.coppice.ring.request;

import io.coppice.pool.OwnerWord;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.BoardWord;

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
     * therefore sees its epoch here, or a later one.
     */
    static LivingEpochs on(final Board board) {
        return slot -> {
            final long epoch = board.word(slot, BoardWord.EPOCH);
            return board.word(slot, BoardWord.EXIT_EPOCH) == epoch ? 0 : epoch;
        };
    }
}
