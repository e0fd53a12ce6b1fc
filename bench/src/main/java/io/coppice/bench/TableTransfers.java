package io.coppice.bench;

import io.coppice.pool.Journal;
import io.coppice.pool.table.Table;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Coppice's table in shared memory, a transaction of the journal for each transfer. It guarantees
 * that a transfer stands as a whole or not at all, after the death of the process as well, and
 * readers in other processes see each record as it was committed.
 */
final class TableTransfers extends TransferWork {
    private final Table table;
    private final Journal journal;

    TableTransfers(final Path folder) throws IOException {
        final TableAccounts accounts = TableAccounts.create(folder, keys());
        table = accounts.table();
        journal = accounts.state().journal();
    }

    @Override
    void transfer(final long from, final long to, final long amount) {
        journal.begin();
        add(from, -amount);
        add(to, amount);
        journal.commit();
    }

    private void add(final long key, final long amount) {
        final long account = table.find(key);
        table.putLong(
                account,
                TableAccounts.BALANCE,
                table.getLong(account, TableAccounts.BALANCE) + amount);
        table.putLong(
                account, TableAccounts.COUNT, table.getLong(account, TableAccounts.COUNT) + 1);
    }

    @Override
    long balance(final long key) {
        return table.getLong(table.find(key), TableAccounts.BALANCE);
    }

    @Override
    long count(final long key) {
        return table.getLong(table.find(key), TableAccounts.COUNT);
    }
}
