package io.coppice.bench;

import io.coppice.os.OperatingSystem;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.lock.LockSet;
import io.coppice.pool.lock.RobustLock;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Coppice's lock, without a transaction, so that it is given up at once. It guarantees that the
 * death of its owner leaves it to be had again, after that owner's journal is rolled back.
 */
final class RobustLocking extends LockWork {
    private static final int SLOT = 1;

    private final RobustLock lock;
    private final LockSet locks = LockSet.of(OwnerWord.of(SLOT, 1));

    RobustLocking(final Path folder) throws IOException {
        final StateMemory state =
                StateMemory.create(folder.resolve("lock"), JOURNAL_BYTES, RobustLock.bytes());
        lock =
                RobustLock.layOut(
                        "lock", OperatingSystem.current(), state.memory(), state.offset(), 1);
    }

    @Override
    boolean lockAndUnlock() {
        if (!lock.tryLock(locks, 0)) {
            return false;
        }
        lock.unlock(locks);
        return true;
    }
}
