package io.coppice.pool.lock;

import io.coppice.pool.Memory;
import io.coppice.pool.OwnerWord;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks what must hold of a lock between any two stores. Reads only, trusts nothing, never throws
 * for what it finds; for any process that maps the arena. Allocates.
 */
public final class LockInvariants {
    private LockInvariants() {}

    /** Returns what is wrong with a {@link RobustLock}, one line each. */
    public static List<String> check(final Memory arena, final long offset, final long bytes) {
        final List<String> wrong = new ArrayList<>();
        checkHead(arena, offset, bytes, wrong);
        return wrong;
    }

    /** Returns what is wrong with a {@link ReadWriteLock}, one line each. */
    public static List<String> checkReadWrite(
            final Memory arena, final long offset, final long bytes) {
        final List<String> wrong = new ArrayList<>();
        if (!checkHead(arena, offset, bytes, wrong)) {
            return wrong;
        }
        final int readers = arena.getInt(offset + ReadWriteLockLayout.READERS);
        if (readers < 1
                || readers > ReadWriteLockLayout.READERS_MAX
                || ReadWriteLockLayout.bytes(readers) > bytes) {
            wrong.add(
                    "lock: "
                            + readers
                            + " readers in "
                            + bytes
                            + " bytes, at offset "
                            + (offset + ReadWriteLockLayout.READERS));
            return wrong;
        }
        for (int i = 0; i < readers; i++) {
            checkOwner("reader " + i, arena, offset + ReadWriteLockLayout.reader(i), wrong);
        }
        return wrong;
    }

    private static boolean checkHead(
            final Memory arena, final long offset, final long bytes, final List<String> wrong) {
        if (offset < 0
                || offset % LockLayout.LINE_BYTES != 0
                || bytes < LockLayout.BYTES
                || offset > arena.bytes() - bytes) {
            wrong.add("lock: " + bytes + " bytes, at offset " + offset + " of " + arena.bytes());
            return false;
        }
        checkOwner("owner", arena, offset + LockLayout.OWNER, wrong);
        final int rank = arena.getInt(offset + LockLayout.RANK);
        if (rank < 1) {
            wrong.add("lock: rank " + rank + ", at offset " + (offset + LockLayout.RANK));
        }
        final int sleepers = arena.getIntVolatile(offset + LockLayout.SLEEPERS);
        if (sleepers != 0 && sleepers != 1) {
            wrong.add(
                    "lock: sleepers "
                            + sleepers
                            + " is neither 0 nor 1, at offset "
                            + (offset + LockLayout.SLEEPERS));
        }
        return true;
    }

    private static void checkOwner(
            final String which, final Memory arena, final long at, final List<String> wrong) {
        final long word = arena.getLongVolatile(at);
        if (word != OwnerWord.NOBODY && (word < 0 || OwnerWord.epoch(word) < 1)) {
            wrong.add("lock: " + which + " " + word + " is nobody's word, at offset " + at);
        }
    }
}
