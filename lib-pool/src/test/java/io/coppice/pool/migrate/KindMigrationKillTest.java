package io.coppice.pool.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.Arena;
import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaInvariants;
import io.coppice.pool.KillEverywhere;
import io.coppice.pool.Memory;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.Structure;
import io.coppice.pool.TestArena;
import io.coppice.pool.cell.Cell;
import io.coppice.pool.cell.CellInvariants;
import io.coppice.pool.cell.CellKind;
import io.coppice.pool.cell.Counter;
import io.coppice.pool.log.RecordLog;
import io.coppice.pool.log.RecordLogInvariants;
import io.coppice.pool.tree.SortedTable;
import io.coppice.pool.tree.SortedTableInvariants;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills the migration of a sorted table, a log, a text and a counter, together, at every store. */
@Tag("cuts")
class KindMigrationKillTest {
    private static final long BYTES = 32 * 1024;
    private static final int RECORDS = 3;
    private static final List<String> NAMES = List.of("sorted", "log", "text", "count");

    @TempDir Path folder;

    private final TestArena arena = new TestArena(BYTES);
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[128]);
    private Bank bank;

    @BeforeEach
    void layOut() {
        bank = new Bank(folder, BYTES);
        final Build first = bank.build(null);
        final SortedTable sorted = first.sortedTable("sorted", 0, Bank.SMALL, 4);
        final RecordLog log = first.log("log", null, 128);
        final Cell text = first.cell("text", CellKind.TEXT, 16);
        first.region("count", 8);
        first.seal();
        for (int key = 1; key <= RECORDS; key++) {
            first.journal.begin();
            scratch.putLong(0, key);
            sorted.insert(key, scratch, 0);
            log.append(scratch, 0, 8);
            text.setText(Bank.bytes("text " + key), 0, 6);
            first.journal.commit();
        }
        final byte[] image = new byte[(int) BYTES];
        bank.memory.getBytes(0, image, 0, image.length);
        arena.setImage(0, image);
    }

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void survivesADeathAtEveryStoreOfTheMigrationOfEachKind() {
        final boolean[] seen = new boolean[2];
        final long points =
                new KillEverywhere(
                                "migration of each kind",
                                arena,
                                memory -> open(memory),
                                memory -> recover(memory),
                                (memory, where) -> {
                                    seen[check(memory, where) ? 1 : 0] = true;
                                    open(memory);
                                    assertTrue(check(memory, where), where);
                                })
                        .run();
        assertTrue(points > 1000, points + " points");
        assertTrue(seen[0] && seen[1], "no death on one side of the commit");
    }

    private void open(final Memory memory) {
        final Build build =
                new Build(
                        memory,
                        bank.plan,
                        migration -> {
                            if (migration.newKind() != migration.oldKind()) {
                                migration.startEmpty();
                            } else {
                                migration.copyByName();
                            }
                            return true;
                        });
        build.sortedTable("sorted", 0, Bank.LIMITED, 5);
        build.log("log", null, 192);
        build.cell("text", CellKind.TEXT, 70);
        build.counter("count");
        build.seal();
    }

    private void recover(final Memory memory) {
        assertTrue(Arena.attach(memory, bank.plan, OwnerWord.of(1, 2)).recover());
    }

    private boolean check(final Memory memory, final String where) {
        assertEquals(List.of(), ArenaInvariants.check(memory), where);
        final Arena now = Arena.attach(memory, bank.plan, OwnerWord.of(1, 3));
        final List<Structure> bodies = new ArrayList<>();
        for (final String name : NAMES) {
            bodies.add(ArenaDirectory.findBody(memory, name));
        }
        final Structure first = bodies.get(0);
        assertEquals(List.of(), SortedTableInvariants.check(memory, first.offset(), first.bytes()));
        final SortedTable sorted =
                SortedTable.attach("sorted", now.journal(), memory, first.offset(), first.bytes());
        final boolean isNew = sorted.capacity() == 5;
        assertEquals(RECORDS, sorted.size(), where);
        for (long key = 1; key <= RECORDS; key++) {
            assertTrue(sorted.get(key, scratch, 0), where);
            assertEquals(
                    key, scratch.getLong(Bank.balance(isNew ? Bank.LIMITED : Bank.SMALL)), where);
        }
        final Structure second = bodies.get(1);
        assertEquals(List.of(), RecordLogInvariants.check(memory, second.offset(), second.bytes()));
        final RecordLog log =
                RecordLog.attach("log", now.journal(), memory, second.offset(), second.bytes());
        assertEquals(isNew ? 192 : 128, log.capacity(), where);
        assertEquals(RECORDS, log.size(), where);
        assertEquals(RECORDS, log.nextSequence(), where);
        final Structure third = bodies.get(2);
        assertEquals(List.of(), CellInvariants.check(memory, third.offset(), third.bytes()));
        final Cell text = Cell.attach("text", now.journal(), memory, third.offset(), third.bytes());
        assertEquals(isNew ? 70 : 16, text.capacity(), where);
        assertEquals(6, text.getText(scratch, 0), where);
        assertEquals("text 3", scratch.getStringWithoutLengthAscii(0, 6), where);
        final Structure fourth = bodies.get(3);
        assertEquals(isNew ? Counter.bytes() : 8, fourth.bytes(), where);
        return isNew;
    }
}
