package io.coppice.pool.board;

import io.coppice.pool.Memory;
import java.util.ArrayList;
import java.util.List;

/** Checks what must hold of a death history at any time. Reads only; for any process. */
final class DeathHistoryInvariants {
    private DeathHistoryInvariants() {}

    /** Returns what is wrong, one line each; nothing where the history is sound. */
    static List<String> check(final Memory board, final long at) {
        final List<String> wrong = new ArrayList<>();
        final long count = board.getLongAcquire(at + DeathHistoryLayout.COUNT);
        if (count < 0) {
            return List.of("death history at " + at + ": counts " + count);
        }
        for (long i = Math.max(0, count - DeathHistoryLayout.KEPT + 1); i < count; i++) {
            final long line = at + DeathHistoryLayout.line(i);
            final long exitClass = board.getLong(line + DeathHistoryLayout.EXIT_CLASS);
            if (exitClass != ExitClass.of(exitClass).ordinal() || exitClass == 0) {
                wrong.add("death " + i + " at " + line + ": is of class " + exitClass);
            }
            if (board.getLong(line + DeathHistoryLayout.EPOCH) < 1) {
                wrong.add("death " + i + " at " + line + ": is of nobody");
            }
        }
        return wrong;
    }
}
