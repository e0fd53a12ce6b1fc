package io.coppice.bench;

import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
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
    private final Memory memory;

    TableTransfers(final Path folder) throws IOException {
        final TableAccounts accounts = TableAccounts.create(folder, keys());
        table = accounts.table();
        journal = accounts.state().journal();
        memory = accounts.state().memory();
    }

    @Override
    void transfer(final long from, final long to, final long amount) {
        journal.begin();
        add(from, -amount);
        add(to, amount);
        journal.commit();
    }

    /** The first edit of a record in a transaction makes its copy, which the stores then go to. */
    private void add(final long key, final long amount) {
        final long value = table.edit(table.find(key));
        final long balance = value + TableAccounts.BALANCE;
        final long count = value + TableAccounts.COUNT;
        memory.putLong(balance, memory.getLong(balance) + amount);
        memory.putLong(count, memory.getLong(count) + 1);
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
