package io.coppice.bench;

import io.coppice.pool.table.Table;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Accounts in a table of Coppice's: how the file is laid out.
 *
 * @param state the memory
 * @param table holds every account, with nothing on it
 */
record TableAccounts(StateMemory state, Table table) {
    /** Offset of the balance in a record's value. */
    static final int BALANCE = 0;

    /** Offset of the count in a record's value. */
    static final int COUNT = 8;

    private static final int VALUE_BYTES = 16;
    private static final long JOURNAL_BYTES = 1 << 16;
    private static final int INSERTS_AT_ONCE = 64;

    static TableAccounts create(final Path folder, final long[] keys) throws IOException {
        final long bytes = Table.bytes(keys.length, 0, VALUE_BYTES);
        final StateMemory state =
                StateMemory.create(folder.resolve("accounts"), JOURNAL_BYTES, bytes);
        final Table table =
                Table.layOut(
                        "accounts",
                        state.journal(),
                        state.memory(),
                        state.offset(),
                        keys.length,
                        0,
                        VALUE_BYTES);
        for (int from = 0; from < keys.length; from += INSERTS_AT_ONCE) {
            state.journal().begin();
            for (int i = from; i < Math.min(keys.length, from + INSERTS_AT_ONCE); i++) {
                table.insert(keys[i]);
            }
            state.journal().commit();
        }
        return new TableAccounts(state, table);
    }
}
