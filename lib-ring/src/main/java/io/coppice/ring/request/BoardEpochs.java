package io.coppice.ring.request;

import io.coppice.pool.OwnerWord;
import io.coppice.pool.board.Board;
import io.coppice.pool.board.BoardWord;

/** What root's board says of who is dead. */
final class BoardEpochs implements LivingEpochs {
    private final Board board;

    BoardEpochs(final Board board) {
        this.board = board;
    }

    @Override
    public long of(final int slot) {
        final long epoch = board.word(slot, BoardWord.EPOCH);
        return board.word(slot, BoardWord.EXIT_EPOCH) == epoch ? 0 : epoch;
    }

    @Override
    public boolean isDead(final long ownerWord) {
        final int slot = OwnerWord.slot(ownerWord);
        final long epoch = OwnerWord.epoch(ownerWord);
        // Looked at once: in between, root may make the standby's epoch the daemon's.
        final long current = board.word(slot, BoardWord.EPOCH);
        return epoch > current
                ? board.word(slot, BoardWord.STANDBY_EPOCH) != epoch
                : epoch < current || board.word(slot, BoardWord.EXIT_EPOCH) == epoch;
    }
}
