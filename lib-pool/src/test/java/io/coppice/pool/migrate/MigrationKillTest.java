package io.coppice.pool.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Arena;
import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaInvariants;
import io.coppice.pool.ArenaLayout;
import io.coppice.pool.Cuts;
import io.coppice.pool.KillEverywhere;
import io.coppice.pool.Memory;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import io.coppice.pool.TestArena;
import io.coppice.pool.schema.StructureHeader;
import io.coppice.pool.table.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills an incarnation of a new build at every store of its opening. What is left is what the old
 * build had, all of it, or what the new one wants, and whoever starts next goes on with it: the old
 * build, or the new one, whose migration is killed in turn.
 */
@Tag("cuts")
class MigrationKillTest {
    private static final long BYTES = 26 * 1024;
    private static final int ACCOUNTS = 2;
    private static final long CAPACITY = 2;

    /** Of the first deaths so many a time are left out where every second one is visited. */
    private static final int STEP = 16;

    @TempDir Path folder;

    private final TestArena arena = new TestArena(BYTES);
    private Bank bank;

    @BeforeEach
    void layOut() {
        bank = new Bank(folder, BYTES);
        final Build first = bank.build(null);
        final Table accounts = first.table("accounts", Bank.ACCOUNT, CAPACITY);
        first.region("state", 64);
        first.region("old", 128);
        first.seal();
        for (int key = 1; key <= ACCOUNTS; key++) {
            Bank.add(first, accounts, key);
        }
        first.journal.begin();
        bank.memory
                .slice(ArenaDirectory.find(bank.memory, "state").offset(), 64)
                .fill(0, 64, (byte) 5);
        first.journal.commit();
        final byte[] image = new byte[(int) BYTES];
        bank.memory.getBytes(0, image, 0, image.length);
        arena.setImage(0, image);
    }

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void survivesADeathAtEveryStoreOfAnOpeningThatMigrates() {
        final boolean[] seen = new boolean[2];
        final long points =
                new KillEverywhere(
                                "migration",
                                arena,
                                memory -> open(memory, true),
                                memory -> recover(memory),
                                (memory, where) -> {
                                    seen[check(memory, where) ? 1 : 0] = true;
                                    goOn(memory, where);
                                })
                        .run();
        assertTrue(points > 1000, points + " points");
        assertTrue(seen[0] && seen[1], "no death on one side of the commit");
    }

    /** What the dead one left in the free space must be in nobody's way. */
    @Test
    void aMigrationAfterADeathIsKilledEverywhereToo() {
        final byte[] start = arena.image();
        Cuts.count();
        open(arena.memory(), true);
        final long stores = Cuts.disarm();
        arena.setImage(0, start);
        long points = 0;
        for (long first = stores - 1; first >= 0; first -= STEP) {
            arena.setImage(0, start);
            cut(first);
            final byte[] dead = arena.image();
            Cuts.count();
            open(arena.memory(), true);
            final long again = Cuts.disarm();
            for (long store = 0; store < again; store++) {
                arena.setImage(0, dead);
                cut(store);
                final String where = "cut at store " + first + ", then at " + store;
                recover(arena.memory());
                check(arena.memory(), where);
                goOn(arena.memory(), where);
                points++;
            }
        }
        System.out.println("migration after a death: " + points + " cuts");
        assertTrue(points > 1000, points + " points");
    }

    /** A reset must clear what a migration left behind everything that is allocated. */
    @Test
    void aResetAfterADeathLeavesZeroes() {
        final byte[] start = arena.image();
        Cuts.count();
        open(arena.memory(), true);
        final long stores = Cuts.disarm();
        long points = 0;
        for (long store = 0; store < stores; store++) {
            arena.setImage(0, start);
            cut(store);
            final Arena next = recover(arena.memory());
            next.reset();
            final byte[] rest =
                    arena.image(ArenaLayout.FIXED_OFFSET, BYTES - ArenaLayout.FIXED_OFFSET);
            for (int i = 0; i < rest.length; i++) {
                assertEquals(0, rest[i], "cut at store " + store + ", byte " + i);
            }
            assertEquals(List.of(), ArenaInvariants.check(arena.memory()));
            points++;
        }
        System.out.println("reset after a migration: " + points + " cuts");
        assertEquals(stores, points);
    }

    private void cut(final long store) {
        Cuts.arm(store);
        assertThrows(Cuts.Cut.class, () -> open(arena.memory(), true));
        Cuts.disarm();
    }

    private Arena recover(final Memory memory) {
        final Arena next = Arena.attach(memory, bank.plan, OwnerWord.of(1, 2));
        assertTrue(next.recover());
        return next;
    }

    /** The new build: accounts have grown, "state" has, "more" is new and "old" is gone. */
    private Build open(final Memory memory, final boolean migrates) {
        final Build build =
                new Build(memory, bank.plan, migrates ? MigrationKillTest::migrate : null);
        build.table("accounts", Bank.LIMITED, CAPACITY + 1);
        build.region("state", 128);
        build.region("more", 64);
        build.seal();
        return build;
    }

    private static boolean migrate(final Migration migration) throws Exception {
        if (migration.change() == Change.DROPPED) {
            migration.drop();
            return true;
        }
        return Bank.byName(migration);
    }

    /** Returns whether it is the new state; fails where it is neither. */
    private static boolean check(final Memory memory, final String where) {
        assertEquals(List.of(), ArenaInvariants.check(memory), where);
        final List<String> names = new ArrayList<>();
        for (final Structure structure : ArenaDirectory.list(memory)) {
            names.add(structure.name());
        }
        final boolean isNew = names.contains("more");
        assertEquals(
                isNew
                        ? List.of("journal", "accounts", "state", "more")
                        : List.of("journal", "accounts", "state", "old"),
                names,
                where);
        final StructureHeader header = ArenaDirectory.header(memory, "accounts");
        assertEquals(
                (isNew ? Bank.LIMITED : Bank.ACCOUNT).fingerprint(),
                header.recordSchema().fingerprint(),
                where);
        assertEquals(isNew ? 128 : 64, ArenaDirectory.find(memory, "state").bytes(), where);
        return isNew;
    }

    /** The build that fits starts, then the new one; both find everything. */
    private void goOn(final Memory memory, final String where) {
        if (!ArenaDirectory.list(memory).toString().contains("more")) {
            final Build old = new Build(memory, bank.plan, null);
            final Table accounts = old.table("accounts", Bank.ACCOUNT, CAPACITY);
            old.region("state", 64);
            old.region("old", 128);
            old.seal();
            assertAccounts(accounts, where);
        }
        final Build next = open(memory, true);
        assertTrue(check(memory, where), where);
        assertEquals(List.of(), ArenaInvariants.check(memory), where);
        final Structure state = ArenaDirectory.find(memory, "state");
        assertEquals(StructureKind.REGION, state.kind());
        assertEquals(5, memory.getByte(state.offset() + 63), where);
        assertEquals(0, memory.getByte(state.offset() + 64), where);
        final Structure body = ArenaDirectory.findBody(memory, "accounts");
        assertAccounts(
                Table.attach("accounts", next.journal, memory, body.offset(), body.bytes()), where);
    }

    private static void assertAccounts(final Table accounts, final String where) {
        assertEquals(ACCOUNTS, accounts.size(), where);
        final int balance =
                Bank.balance(
                        accounts.valueBytes() == Bank.ACCOUNT.bytes()
                                ? Bank.ACCOUNT
                                : Bank.LIMITED);
        for (long key = 1; key <= ACCOUNTS; key++) {
            final long account = accounts.find(key);
            assertTrue(account != Table.NONE, where);
            assertEquals(100 * key, accounts.getLong(account, balance), where);
        }
    }
}
