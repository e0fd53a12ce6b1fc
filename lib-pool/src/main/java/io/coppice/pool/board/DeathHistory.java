package io.coppice.pool.board;

import io.coppice.pool.Memory;
import java.util.ArrayList;
import java.util.List;

/**
 * The last deaths of one daemon; {@link DeathHistoryLayout} has the ordering argument. {@link #add}
 * and {@link #copy} are root's; anyone may read.
 */
final class DeathHistory {
    private static final int SHOWN = DeathHistoryLayout.SHOWN;

    private DeathHistory() {}

    /**
     * Writes a death down, once: a root that finds the last one's work half done does it again.
     * Allocates nothing.
     */
    static void add(
            final Memory board,
            final long at,
            final long atMs,
            final long epoch,
            final ExitClass exitClass,
            final int status) {
        final long count = board.getLong(at + DeathHistoryLayout.COUNT);
        if (count > 0
                && board.getLong(at + DeathHistoryLayout.line(count - 1) + DeathHistoryLayout.EPOCH)
                        == epoch) {
            return;
        }
        final long line = at + DeathHistoryLayout.line(Math.max(0, count));
        board.putLong(line + DeathHistoryLayout.AT_MS, atMs);
        board.putLong(line + DeathHistoryLayout.EPOCH, epoch);
        board.putLong(line + DeathHistoryLayout.EXIT_CLASS, exitClass.ordinal());
        board.putLong(line + DeathHistoryLayout.EXIT_STATUS, status);
        board.putLongRelease(at + DeathHistoryLayout.COUNT, Math.max(0, count) + 1);
    }

    /** Begins a history with that of an earlier root; for a board that nobody sees yet. */
    static void copy(final Memory board, final long at, final List<Death> deaths) {
        board.putLongRelease(at + DeathHistoryLayout.COUNT, 0);
        for (final Death death : deaths) {
            add(board, at, death.atMs(), death.epoch(), death.exitClass(), death.status());
        }
    }

    /** Returns the last deaths, the oldest first. */
    static List<Death> read(final Memory board, final long at) {
        final long count = board.getLongAcquire(at + DeathHistoryLayout.COUNT);
        final List<Death> deaths = new ArrayList<>();
        for (long i = Math.max(0, count - SHOWN); i < count; i++) {
            final long line = at + DeathHistoryLayout.line(i);
            deaths.add(
                    new Death(
                            board.getLong(line + DeathHistoryLayout.AT_MS),
                            board.getLong(line + DeathHistoryLayout.EPOCH),
                            ExitClass.of(board.getLong(line + DeathHistoryLayout.EXIT_CLASS)),
                            (int) board.getLong(line + DeathHistoryLayout.EXIT_STATUS)));
        }
        // A volatile load, since the lines must not be read after it.
        final long now = board.getLongVolatile(at + DeathHistoryLayout.COUNT);
        final long overtaken = now - DeathHistoryLayout.KEPT + 1 - Math.max(0, count - SHOWN);
        return overtaken <= 0
                ? deaths
                : deaths.subList((int) Math.min(deaths.size(), overtaken), deaths.size());
    }
}
