package io.coppice.bench;

import org.mapdb.DB;
import org.mapdb.DBMaker;
import org.mapdb.HTreeMap;
import org.mapdb.Serializer;

/**
 * MapDB in direct memory, transactions on, values inside the nodes of a hash tree, for one thread.
 * It guarantees that a transfer stands as a whole or is rolled back; nobody else sees the state,
 * which is gone with the process.
 */
final class MapDbTransfers extends TransferWork {
    private static final int BALANCE = 0;
    private static final int COUNT = 1;

    private final DB db = DBMaker.memoryDirectDB().transactionEnable().concurrencyDisable().make();
    private final HTreeMap<Long, long[]> accounts =
            db.hashMap("accounts", Serializer.LONG, Serializer.LONG_ARRAY).valueInline().create();

    MapDbTransfers() {
        for (final long key : keys()) {
            accounts.put(key, new long[] {0, 0});
        }
        db.commit();
    }

    @Override
    void transfer(final long from, final long to, final long amount) {
        add(from, -amount);
        add(to, amount);
        db.commit();
    }

    private void add(final long key, final long amount) {
        final long[] account = accounts.get(key);
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
}
