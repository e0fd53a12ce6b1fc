package io.coppice.bench;

import io.coppice.pool.Memory;
import io.coppice.pool.table.Table;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The same table, changed in place by plain stores: what is left of a transfer without journal and
 * copies. It guarantees nothing: a death leaves half a transfer, and readers see it too.
 */
final class PlainTableTransfers extends TransferWork {
    private final Table table;
    private final Memory memory;

    PlainTableTransfers(final Path folder) throws IOException {
        final TableAccounts accounts = TableAccounts.create(folder, keys());
        table = accounts.table();
        memory = accounts.state().memory();
    }

    @Override
    void transfer(final long from, final long to, final long amount) {
        add(from, -amount);
        add(to, amount);
    }

    private void add(final long key, final long amount) {
        final long value = table.valueOffset(table.find(key));
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
