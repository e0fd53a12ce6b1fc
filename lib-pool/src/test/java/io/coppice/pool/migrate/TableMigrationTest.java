package io.coppice.pool.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaInvariants;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.schema.LongField;
import io.coppice.pool.schema.RecordSchema;
import io.coppice.pool.table.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of tables whose records, keys or capacity another build wants otherwise. */
class TableMigrationTest {
    private static final long BYTES = 64 * 1024;
    private static final LongField LIMIT = Bank.LIMITED.longField("limit");

    @TempDir Path folder;

    private Bank bank;

    @BeforeEach
    void create() {
        bank = new Bank(folder, BYTES);
    }

    @Test
    void recordsThatGrewAreCopiedByTheNamesOfTheirFields() {
        bank.layOut(5);
        final Build next = bank.build(Bank::byName);
        Table accounts = next.table("accounts", Bank.LIMITED, 20);
        next.region("state", 100);
        assertAccounts(accounts, Bank.LIMITED, 5);
        assertEquals(
                Bank.ACCOUNT.fingerprint(),
                ArenaDirectory.header(bank.memory, "accounts").recordSchema().fingerprint(),
                "it stands before the arena is sealed");
        next.seal();
        assertEquals(List.of(), ArenaInvariants.check(bank.memory));
        assertEquals(
                Bank.LIMITED.fingerprint(),
                ArenaDirectory.header(bank.memory, "accounts").recordSchema().fingerprint());
        // It is a table like any other then, for this build and for the next start of it.
        next.journal.begin();
        accounts.putLong(accounts.insert(77), LIMIT.offset(), 1);
        assertTrue(accounts.remove(5));
        next.journal.rollback();
        final Build again = bank.build(null);
        accounts = again.table("accounts", Bank.LIMITED, 20);
        again.seal();
        assertAccounts(accounts, Bank.LIMITED, 5);
        assertEquals(20, accounts.capacity());
    }

    @Test
    void recordsThatShrankLoseTheFieldsThatAreGone() {
        bank.layOut(8);
        final Build next = bank.build(Bank::byName);
        final Table accounts = next.table("accounts", Bank.SMALL, 8);
        next.region("state", 100);
        next.seal();
        assertEquals(8, accounts.size());
        for (long key = 1; key <= 8; key++) {
            assertEquals(100 * key, accounts.getLong(accounts.find(key), 0));
        }
        assertEquals(List.of(), ArenaInvariants.check(bank.memory));
    }

    @Test
    void capacityMayShrinkAsFarAsTheRecordsFit() {
        bank.layOut(5);
        assertEquals(
                "bank: accounts: holds 5 records, the new one has room for 4; raise \"accounts\""
                        + " under \"capacities\" in the manifest",
                Bank.refusal(() -> bank.build(Bank::byName).table("accounts", Bank.ACCOUNT, 4)));
        final Build same = bank.build(null);
        assertAccounts(same.table("accounts", Bank.ACCOUNT, Bank.OLD_CAPACITY), Bank.ACCOUNT, 5);
        final Build next = bank.build(Bank::byName);
        assertAccounts(next.table("accounts", Bank.ACCOUNT, 5), Bank.ACCOUNT, 5);
        next.region("state", 100);
        next.seal();
        assertEquals(List.of(), ArenaInvariants.check(bank.memory));
    }

    @Test
    void eachRecordCanBeComputedAndLeftOut() {
        bank.layOut(6);
        final List<Long> keys = new ArrayList<>();
        final Build next =
                bank.build(
                        migration -> {
                            assertEquals(Change.CHANGED, migration.change());
                            final LongField balance = Bank.ACCOUNT.longField("balance");
                            migration.copyEach(
                                    (key, before, after) -> {
                                        keys.add(key.getLong(0));
                                        assertEquals(Bank.ACCOUNT.bytes(), before.capacity());
                                        // Too narrow for the old type, so it is the daemon's to
                                        // say.
                                        assertEquals(0, after.getInt(0));
                                        Bank.NARROW
                                                .intField("balance")
                                                .put(after, 0, (int) balance.get(before, 0) / 100);
                                        return key.getLong(0) % 2 == 0;
                                    });
                            return true;
                        });
        final Table accounts = next.table("accounts", Bank.NARROW, 3);
        next.region("state", 100);
        next.seal();
        keys.sort(null);
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L, 6L), keys);
        assertEquals(3, accounts.size());
        for (long key = 2; key <= 6; key += 2) {
            final long account = accounts.find(key);
            assertEquals(key, accounts.getInt(account, Bank.balance(Bank.NARROW)));
            assertEquals("owner " + key, Bank.owner(bank.memory, accounts, account, Bank.NARROW));
        }
        assertEquals(List.of(), ArenaInvariants.check(bank.memory));
    }

    @Test
    void keysOfBytesMayGrow() {
        final Build first = bank.build(null);
        Table names = first.table("names", 9, Bank.SMALL, 10);
        first.seal();
        first.journal.begin();
        for (final String name : List.of("Ann", "Bob", "Christoph", "")) {
            final UnsafeBuffer key = Bank.bytes(name);
            names.putLong(names.insert(key, 0, key.capacity()), 0, name.length());
        }
        first.journal.commit();
        assertEquals(
                "bank: names: keys grew from at most 9 to 12 bytes; onCrash=reset, migrate(...) or"
                        + " the old build",
                Bank.refusal(() -> bank.build(null).table("names", 12, Bank.SMALL, 10)));
        for (final int keyBytesMax : new int[] {12, 40}) {
            final Build next = bank.build(Bank::byName);
            names = next.table("names", keyBytesMax, Bank.SMALL, 10);
            next.seal();
            assertEquals(keyBytesMax, names.keyBytesMax());
            assertEquals(4, names.size());
            for (final String name : List.of("Ann", "Bob", "Christoph", "")) {
                final UnsafeBuffer key = Bank.bytes(name);
                assertEquals(name.length(), names.getLong(names.find(key, 0, key.capacity()), 0));
            }
            assertEquals(List.of(), ArenaInvariants.check(bank.memory));
        }
        assertEquals(
                "bank: names: record \"Christoph\": names: a key of 9 bytes is too long, keys have at"
                        + " most 4",
                Bank.refusal(() -> bank.build(Bank::byName).table("names", 4, Bank.SMALL, 10)));
        assertEquals(
                "bank: names: its keys were bytes and are numbers: startEmpty(), or keep it and add"
                        + " one under another name",
                Bank.refusal(() -> bank.build(Bank::byName).table("names", 0, Bank.SMALL, 10)));
    }

    @Test
    void fieldsThatWouldLoseSomethingAreRefusedByName() {
        bank.layOut(2);
        assertEquals(
                "bank: accounts: record \"account\": field \"balance\" cannot be copied: long is wider"
                        + " than int; say in copyEach(...) what it becomes",
                Bank.refusal(() -> bank.build(Bank::byName).table("accounts", Bank.NARROW, 8)));
        final Build same = bank.build(null);
        assertAccounts(same.table("accounts", Bank.ACCOUNT, 8), Bank.ACCOUNT, 2);
    }

    @Test
    void aTableCanBeMigratedAgainAndAgainInTheRoomOfTwo() {
        bank.layOut(3);
        RecordSchema record = Bank.ACCOUNT;
        final long used = bank.memory.getLong(ArenaLayout.ALLOCATED_BYTES);
        for (int round = 0; round < 20; round++) {
            record = record == Bank.ACCOUNT ? Bank.LIMITED : Bank.ACCOUNT;
            final Migrator migrator =
                    record == Bank.LIMITED ? Bank::byName : TableMigrationTest::cutOwners;
            final Build next = bank.build(migrator);
            final Table accounts = next.table("accounts", record, 8);
            next.region("state", 100);
            next.seal();
            assertAccounts(accounts, record, 3);
            assertEquals(List.of(), ArenaInvariants.check(bank.memory), "round " + round);
            // Marks of an earlier migration must not be taken for those of a later one.
            next.journal.begin();
            accounts.putLong(accounts.find(1), Bank.balance(record), 100);
            next.journal.commit();
        }
        assertTrue(
                bank.memory.getLong(ArenaLayout.ALLOCATED_BYTES) < 3 * used,
                "gaps are not used again");
    }

    private static boolean cutOwners(final Migration migration) throws Exception {
        migration.copyEach(
                (key, before, after) -> {
                    Bank.ACCOUNT
                            .textField("owner")
                            .put(after, 0, Bank.LIMITED.textField("owner").get(before, 0));
                    return true;
                });
        return true;
    }

    @Test
    void whatTheOldBuildDidInItsTransactionsIsSeenAsCommitted() {
        bank.layOut(3);
        final Build old = bank.build(null);
        final Table before = old.table("accounts", Bank.ACCOUNT, 8);
        old.region("state", 100);
        old.seal();
        old.journal.begin();
        before.putLong(before.find(2), Bank.balance(Bank.ACCOUNT), -1);
        before.insert(9);
        before.remove(1);
        // It dies here.
        final Build next = bank.build(Bank::byName);
        assertAccounts(next.table("accounts", Bank.LIMITED, 8), Bank.LIMITED, 3);
        assertFalse(next.journal.isActive());
        assertNotEquals(0, next.journal.rollbacks());
    }

    private void assertAccounts(final Table accounts, final RecordSchema record, final int count) {
        assertEquals(count, accounts.size());
        for (long key = 1; key <= count; key++) {
            final long account = accounts.find(key);
            assertNotEquals(Table.NONE, account, "account " + key);
            assertEquals(100 * key, accounts.getLong(account, Bank.balance(record)));
            assertEquals("owner " + key, Bank.owner(bank.memory, accounts, account, record));
            if (record == Bank.LIMITED) {
                assertEquals(0, accounts.getLong(account, LIMIT.offset()));
            }
        }
    }
}
