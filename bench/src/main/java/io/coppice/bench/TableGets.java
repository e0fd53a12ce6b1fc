package io.coppice.bench;

import io.coppice.pool.table.Table;
import java.io.IOException;
import java.nio.file.Path;

/** Coppice's table in shared memory, as its writer reads it, outside a transaction. */
final class TableGets extends GetWork {
    private final Table table;

    TableGets(final Path folder) throws IOException {
        final long[] keys = TransferWork.keys();
        final TableAccounts accounts = TableAccounts.create(folder, keys);
        table = accounts.table();
        for (final long key : keys) {
            accounts.state().journal().begin();
            table.putLong(table.find(key), TableAccounts.BALANCE, number(key));
            accounts.state().journal().commit();
        }
    }

    @Override
    long get(final long key) {
        return table.longOf(key, TableAccounts.BALANCE, 0);
    }
}
