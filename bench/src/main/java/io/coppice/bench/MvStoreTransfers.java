package io.coppice.bench;

import java.nio.ByteBuffer;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;
import org.h2.mvstore.type.LongDataType;

/**
 * H2's MVStore in memory: a copy-on-write B-tree on the heap, a version for each transfer. It
 * guarantees that the state can go back to the last version; nobody else sees it, and it is gone
 * with the process.
 */
final class MvStoreTransfers extends TransferWork {
    private static final int BALANCE = 0;
    private static final int COUNT = 1;

    private final MVStore store = new MVStore.Builder().autoCommitDisabled().open();
    private final MVMap<Long, long[]> accounts =
            store.openMap(
                    "accounts",
                    new MVMap.Builder<Long, long[]>()
                            .keyType(LongDataType.INSTANCE)
                            .valueType(new AccountType()));

    MvStoreTransfers() {
        for (final long key : keys()) {
            accounts.put(key, new long[] {0, 0});
        }
        store.commit();
    }

    @Override
    void transfer(final long from, final long to, final long amount) {
        add(from, -amount);
        add(to, amount);
        store.commit();
    }

    private void add(final long key, final long amount) {
        final long[] account = accounts.get(key);
        // A new array, since the old one belongs to the last version.
        accounts.put(key, new long[] {account[BALANCE] + amount, account[COUNT] + 1});
    }

    @Override
    long balance(final long key) {
        return accounts.get(key)[BALANCE];
    }

    @Override
    long count(final long key) {
        return accounts.get(key)[COUNT];
    }

    /** Two numbers; a store in memory never writes them, but asks how large they are. */
    private static final class AccountType extends BasicDataType<long[]> {
        private static final int HEAP_BYTES = 32;

        @Override
        public int getMemory(final long[] account) {
            return HEAP_BYTES;
        }

        @Override
        public void write(final WriteBuffer to, final long[] account) {
            to.putLong(account[BALANCE]).putLong(account[COUNT]);
        }

        @Override
        public long[] read(final ByteBuffer from) {
            return new long[] {from.getLong(), from.getLong()};
        }

        @Override
        public long[][] createStorage(final int size) {
            return new long[size][];
        }
    }
}
