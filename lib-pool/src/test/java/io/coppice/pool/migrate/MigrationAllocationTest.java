package io.coppice.pool.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Allocations;
import io.coppice.pool.schema.LongField;
import io.coppice.pool.table.Table;
import io.coppice.pool.tree.SortedTable;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A migration may allocate as it begins, and nothing for each record. */
class MigrationAllocationTest {
    private static final int FEW = 100;
    private static final int MANY = 10_000;
    private static final LongField LIMIT = Bank.LIMITED.longField("limit");

    @TempDir Path folder;

    @Test
    void theRecordsOfATableCostNothing() {
        assertCostsNothing(
                (bank, records) -> {
                    final Build first = bank.build(null);
                    final Table accounts = first.table("accounts", Bank.ACCOUNT, records);
                    first.seal();
                    for (int key = 1; key <= records; key++) {
                        Bank.add(first, accounts, key);
                    }
                },
                (build, records) ->
                        assertEquals(
                                records, build.table("accounts", Bank.LIMITED, records).size()));
    }

    @Test
    void theRecordsOfASortedTableCostNothing() {
        assertCostsNothing(
                (bank, records) -> {
                    final UnsafeBuffer value = new UnsafeBuffer(new byte[Bank.ACCOUNT.bytes()]);
                    final Build first = bank.build(null);
                    final SortedTable accounts =
                            first.sortedTable("accounts", 0, Bank.ACCOUNT, records);
                    first.seal();
                    for (int key = 1; key <= records; key++) {
                        first.journal.begin();
                        accounts.insert(key, value, 0);
                        first.journal.commit();
                    }
                },
                (build, records) ->
                        assertEquals(
                                records,
                                build.sortedTable("accounts", 0, Bank.LIMITED, records).size()));
    }

    /** One half of a test, with a number of records. */
    @FunctionalInterface
    private interface Step<S> {
        void run(S subject, int records);
    }

    private void assertCostsNothing(final Step<Bank> layOut, final Step<Build> open) {
        final long few = bytesOf(FEW, layOut, open);
        final long many = bytesOf(MANY, layOut, open);
        assertTrue(
                many - few < MANY - FEW,
                many + " bytes for " + MANY + " records, " + few + " for " + FEW);
    }

    private long bytesOf(final int records, final Step<Bank> layOut, final Step<Build> open) {
        final Bank bank = new Bank(folder, 8L << 20);
        layOut.run(bank, records);
        // What is not sealed is forgotten, so the same can be migrated again.
        return Allocations.bytesOf(
                1,
                round ->
                        open.run(
                                bank.build(
                                        migration -> {
                                            migration.copyEach(
                                                    (key, before, after) -> {
                                                        LIMIT.put(after, 0, key.getLong(0));
                                                        return true;
                                                    });
                                            return true;
                                        }),
                                records));
    }
}
