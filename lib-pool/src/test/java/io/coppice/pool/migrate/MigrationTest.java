package io.coppice.pool.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Arena;
import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaException;
import io.coppice.pool.ArenaInvariants;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.JournalListener;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import io.coppice.pool.table.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When migrations stand, what refuses them, and where there is room for them. */
class MigrationTest {
    private static final long BYTES = 32 * 1024;

    @TempDir Path folder;

    private Bank bank;

    @BeforeEach
    void create() {
        bank = new Bank(folder, BYTES);
    }

    @Test
    void allOfAnOpeningStandsTogetherOrNothing() {
        bank.layOut(3);
        final List<Structure> before = ArenaDirectory.list(bank.memory);
        final long generation = bank.build(null).arena.generation();
        final Build next = bank.build(Bank::byName);
        next.table("accounts", Bank.LIMITED, 8);
        assertEquals(
                "bank: state: 100 bytes would be cut to 50; say in copyBytes(...) what they become",
                Bank.refusal(() -> next.region("state", 50)));
        // The process ends; the old build can be gone back to.
        assertEquals(before, ArenaDirectory.list(bank.memory));
        final Build old = bank.build(null);
        assertEquals(3, old.table("accounts", Bank.ACCOUNT, 8).size());
        old.region("state", 100);
        old.seal();
        assertEquals(generation, old.arena.generation());
        final Build both = bank.build(Bank::byName);
        both.table("accounts", Bank.LIMITED, 8);
        both.region("state", 200);
        both.region("more", 10);
        both.seal();
        assertEquals(generation + 1, both.arena.generation());
        assertEquals(4, ArenaDirectory.list(bank.memory).size());
        assertEquals(List.of(), ArenaInvariants.check(bank.memory));
    }

    @Test
    void standsBeforeTheFirstTransactionOfTheOpening() {
        bank.layOut(3);
        final Build next = bank.build(Bank::byName);
        final Table accounts = next.table("accounts", Bank.LIMITED, 8);
        next.journal.begin();
        accounts.putLong(accounts.find(1), Bank.balance(Bank.LIMITED), 7);
        next.journal.commit();
        // It dies before the end of its opening.
        final Build again = bank.build(null);
        final Table found = again.table("accounts", Bank.LIMITED, 8);
        assertEquals(7, found.getLong(found.find(1), Bank.balance(Bank.LIMITED)));
        assertEquals(List.of(), ArenaInvariants.check(bank.memory));
    }

    @Test
    void isAskedAboutEachDifferenceAndSaysWhatItIs() {
        bank.layOut(1);
        final List<String> asked = new ArrayList<>();
        final Build next =
                bank.build(
                        migration -> {
                            asked.add(migration.change() + " " + migration.difference());
                            assertEquals(
                                    migration.change() == Change.ADDED,
                                    migration.oldKind() == null);
                            return migration.name().equals("accounts") && Bank.byName(migration);
                        });
        next.table("accounts", Bank.LIMITED, 8);
        assertEquals(
                "bank: the arena has no structure \"more\": this build lays out another set;"
                        + " onCrash=reset, migrate(...) or the old build",
                Bank.refusal(() -> next.region("more", 8)));
        next.seal();
        assertEquals(
                List.of(
                        "CHANGED accounts: record grew from 24 to 40 bytes; onCrash=reset,"
                                + " migrate(...) or the old build (field \"limit\" (long at 0) is new,"
                                + " field \"owner\" was text of 16 bytes at 8, is text of 24 bytes at 8,"
                                + " field \"balance\" moved from 0 to 32)",
                        "ADDED the arena has no structure \"more\": this build lays out another set;"
                                + " onCrash=reset, migrate(...) or the old build",
                        "DROPPED state: this build does not ask for it; it keeps its room"),
                asked);
        assertTrue(ArenaDirectory.find(bank.memory, "state") != null);
    }

    @Test
    void whatIsDroppedGivesItsRoomBack() {
        final Build first = bank.build(null);
        first.region("a", 5000);
        first.region("b", 100);
        first.region("c", 300);
        first.seal();
        final Structure a = ArenaDirectory.find(bank.memory, "a");
        bank.memory.fill(a.offset(), a.bytes(), (byte) 1);
        final Migrator dropping =
                migration -> {
                    if (migration.change() == Change.DROPPED) {
                        migration.drop();
                    } else {
                        migration.startEmpty();
                    }
                    return true;
                };
        final Build second = bank.build(dropping);
        second.region("b", 100);
        second.region("c", 300);
        second.seal();
        assertNull(ArenaDirectory.find(bank.memory, "a"));
        assertEquals(List.of(), ArenaInvariants.check(bank.memory));
        final Build third = bank.build(dropping);
        third.region("b", 100);
        third.region("c", 300);
        final Structure d = third.arena.structure("d", StructureKind.REGION, 4000);
        third.seal();
        assertEquals(a.offset(), d.offset(), "the gap is not used");
        for (long i = 0; i < d.bytes(); i++) {
            assertEquals(0, bank.memory.getByte(d.offset() + i), "not cleared at " + i);
        }
        assertEquals(List.of(), ArenaInvariants.check(bank.memory));
        final Build last = bank.build(dropping);
        last.seal();
        assertEquals(1, ArenaDirectory.list(bank.memory).size());
        assertEquals(
                bank.memory.getLong(ArenaLayout.STRUCTURES_OFFSET),
                bank.memory.getLong(ArenaLayout.ALLOCATED_BYTES));
        // What is no longer allocated was written all the same, and a reset must clear it.
        final Arena reset = bank.build(null).arena;
        reset.reset();
        for (long i = ArenaLayout.FIXED_OFFSET; i < BYTES; i++) {
            assertEquals(0, bank.memory.getByte(i), "not cleared at " + i);
        }
    }

    @Test
    void tooLittleRoomIsASumAndChangesNothing() {
        bank.layOut(3);
        final List<Structure> before = ArenaDirectory.list(bank.memory);
        final String message = Bank.refusal(() -> bank.build(Bank::byName).region("state", 12_000));
        final long end = bank.memory.getLong(ArenaLayout.ALLOCATED_BYTES);
        assertTrue(message.contains("           12000  the new state\n"), message);
        assertTrue(
                message.endsWith(
                        "\"memory\" of 32768 bytes is too small by "
                                + (end + 12_000 - BYTES)
                                + " to have the old and the new state at once: raise it to "
                                + (end + 12_000)
                                + " or more in the manifest"),
                message);
        assertEquals(before, ArenaDirectory.list(bank.memory));
        final Build exact = bank.build(Bank::byName);
        exact.table("accounts", Bank.ACCOUNT, 8);
        exact.region("state", (int) (BYTES - end));
        exact.seal();
        assertEquals(List.of(), ArenaInvariants.check(bank.memory));
    }

    @Test
    void whatTheDaemonThrowsIsOneLineAndChangesNothing() {
        bank.layOut(3);
        assertEquals(
                "bank: accounts: migrate(...) failed: no such rate",
                Bank.refusal(
                        () ->
                                bank.build(
                                                migration -> {
                                                    throw new IOException("no such rate");
                                                })
                                        .table("accounts", Bank.LIMITED, 8)));
        assertEquals(
                "bank: accounts: record 1: no such rate",
                Bank.refusal(
                        () ->
                                bank.build(
                                                migration -> {
                                                    migration.copyEach(
                                                            (key, before, after) -> {
                                                                throw new IOException(
                                                                        "no such rate");
                                                            });
                                                    return true;
                                                })
                                        .table("accounts", Bank.LIMITED, 8)));
        assertEquals(3, bank.build(null).table("accounts", Bank.ACCOUNT, 8).size());
    }

    @Test
    void aMigratorHasToSayWhatBecomesOfIt() {
        bank.layOut(3);
        assertEquals(
                "bank: accounts: migrate(...) returned true and did nothing: copy it, startEmpty() or"
                        + " drop()",
                Bank.refusal(
                        () -> bank.build(migration -> true).table("accounts", Bank.LIMITED, 8)));
        assertEquals(
                "bank: accounts: migrate(...) returned false and did something about it",
                Bank.refusal(
                        () ->
                                bank.build(
                                                migration -> {
                                                    migration.startEmpty();
                                                    return false;
                                                })
                                        .table("accounts", Bank.LIMITED, 8)));
        assertEquals(
                "bank: accounts: is CHANGED: it cannot be dropped, this build asks for it",
                Bank.refusal(
                        () ->
                                bank.build(
                                                migration -> {
                                                    migration.drop();
                                                    return true;
                                                })
                                        .table("accounts", Bank.LIMITED, 8)));
        assertEquals(
                "bank: accounts: migrate(...) failed: accounts: it is settled already what becomes of"
                        + " it",
                Bank.refusal(
                        () ->
                                bank.build(
                                                migration -> {
                                                    migration.copyByName();
                                                    migration.startEmpty();
                                                    return true;
                                                })
                                        .table("accounts", Bank.LIMITED, 8)));
        final Build busy = bank.build(Bank::byName);
        busy.journal.begin();
        assertThrows(IllegalStateException.class, () -> busy.table("accounts", Bank.LIMITED, 8));
    }

    @Test
    void aJournalThatIsTooSmallForTheSwitchChangesNothing() {
        bank.layOut(3);
        final List<Structure> before = ArenaDirectory.list(bank.memory);
        final Build next = bank.build(Bank::byName);
        next.table("accounts", Bank.ACCOUNT, 8);
        for (int i = 0; i < 45; i++) {
            next.region("another region " + i, 64);
        }
        final String message = Bank.refusal(next::seal);
        assertTrue(
                message.startsWith(
                        "bank: the journal is too small to switch to 45 structures at once: "),
                message);
        assertTrue(message.contains("raise \"journal\" in the manifest"), message);
        assertEquals(before, ArenaDirectory.list(bank.memory));
        final Build begins = bank.build(Bank::byName);
        begins.table("accounts", Bank.ACCOUNT, 8);
        for (int i = 0; i < 45; i++) {
            begins.region("another region " + i, 64);
        }
        Bank.refusal(begins.journal::begin);
        Bank.refusal(begins::seal);
        assertEquals(before, ArenaDirectory.list(bank.memory));
        assertEquals(List.of(), ArenaInvariants.check(bank.memory));
    }

    @Test
    void whatWasRefusedCanBeSettledOtherwise() {
        bank.layOut(3);
        final Build next =
                bank.build(
                        migration -> {
                            assertThrows(ArenaException.class, migration::copyByName);
                            migration.startEmpty();
                            return true;
                        });
        assertEquals(0, next.table("accounts", Bank.NARROW, 8).size());
        next.region("state", 100);
        next.seal();
        assertEquals(0, bank.build(null).table("accounts", Bank.NARROW, 8).size());
        assertEquals(List.of(), ArenaInvariants.check(bank.memory));
    }

    @Test
    void whoeverLooksAtTheStateFirstMigratesIt() {
        bank.layOut(3);
        final Build asking = bank.build(Bank::byName);
        assertEquals(3, asking.table("accounts", Bank.LIMITED, 8).size());
        asking.arena.askAgain();
        assertEquals(3, asking.table("accounts", Bank.LIMITED, 8).size());
        asking.region("state", 100);
        asking.seal();
        final Build resetting = bank.build(Bank::byName);
        resetting.table("accounts", Bank.LIMITED, 9);
        resetting.arena.reset();
        resetting.region("other", 100);
        resetting.seal();
        assertEquals(2, ArenaDirectory.list(bank.memory).size());
        assertEquals(List.of(), ArenaInvariants.check(bank.memory));
    }

    @Test
    void replicasAreShownWhatAMigrationStored() {
        bank.layOut(3);
        final Build next = bank.build(Bank::byName);
        final List<Long> changed = new ArrayList<>();
        next.journal.addListener(
                new JournalListener() {
                    @Override
                    public void onCommit() {
                        next.journal.forEachChange(
                                (offset, length) -> {
                                    changed.add(offset);
                                    changed.add(length);
                                });
                    }

                    @Override
                    public void onRollback() {
                        throw new AssertionError("nothing is rolled back");
                    }
                });
        next.table("accounts", Bank.LIMITED, 8);
        next.region("state", 100);
        next.seal();
        final Structure accounts = ArenaDirectory.find(bank.memory, "accounts");
        assertEquals(accounts.offset(), changed.get(0));
        assertEquals(accounts.bytes(), changed.get(1));
    }
}
