package io.coppice.pool.migrate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.ArenaInvariants;
import io.coppice.pool.JournaledBuffer;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import io.coppice.pool.cell.Cell;
import io.coppice.pool.cell.CellKind;
import io.coppice.pool.cell.Counter;
import io.coppice.pool.log.RecordLog;
import io.coppice.pool.log.RecordLogInvariants;
import io.coppice.pool.log.RecordLogReader;
import io.coppice.pool.schema.RecordSchema;
import io.coppice.pool.tree.Cursor;
import io.coppice.pool.tree.SortedTable;
import io.coppice.pool.tree.SortedTableInvariants;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of structures that are no tables. */
class KindMigrationTest {
    private static final long BYTES = 256 * 1024;
    private static final RecordSchema POINT =
            RecordSchema.builder("point").intField("x").intField("y").build();
    private static final RecordSchema WIDE =
            RecordSchema.builder("point").longField("y").longField("z").longField("x").build();

    @TempDir Path folder;

    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[256]);
    private Bank bank;

    @BeforeEach
    void create() {
        bank = new Bank(folder, BYTES);
    }

    @Test
    void aSortedTableKeepsItsOrder() {
        final Build first = bank.build(null);
        final SortedTable old = first.sortedTable("points", 0, POINT, 300);
        first.seal();
        for (long key = 0; key < 300; key++) {
            scratch.putInt(0, (int) key);
            scratch.putInt(4, (int) -key);
            first.journal.begin();
            assertTrue(old.insert(key * 7919 % 300 - 100, scratch, 0));
            first.journal.commit();
        }
        final Build next =
                bank.build(
                        migration -> {
                            migration.copyEach(
                                    (key, before, after) -> {
                                        WIDE.longField("z").put(after, 0, key.getLong(0));
                                        return key.getLong(0) >= 0;
                                    });
                            return true;
                        });
        final SortedTable points = next.sortedTable("points", 0, WIDE, 250);
        next.seal();
        assertEquals(200, points.size());
        final Cursor cursor = points.cursor();
        for (long key = 0; key < 200; key++) {
            assertTrue(cursor.next());
            assertEquals(key, cursor.key());
            cursor.value(scratch, 0);
            assertEquals(key, WIDE.longField("z").get(scratch, 0));
            final long x = WIDE.longField("x").get(scratch, 0);
            assertEquals(key, x * 7919 % 300 - 100);
            assertEquals(-x, WIDE.longField("y").get(scratch, 0));
        }
        assertFalse(cursor.next());
        final Structure body = ArenaDirectory.findBody(bank.memory, "points");
        assertEquals(
                List.of(), SortedTableInvariants.check(bank.memory, body.offset(), body.bytes()));
        assertEquals(List.of(), ArenaInvariants.check(bank.memory));
    }

    @Test
    void aSortedTableWithKeysOfBytesTakesLongerOnes() {
        final Build first = bank.build(null);
        final SortedTable old = first.sortedTable("names", 8, POINT, 20);
        first.seal();
        first.journal.begin();
        for (final String name : List.of("b", "abcdefgh", "")) {
            final UnsafeBuffer key = Bank.bytes(name);
            scratch.putInt(0, name.length());
            old.insert(key, 0, key.capacity(), scratch, 0);
        }
        first.journal.commit();
        final Build next = bank.build(Bank::byName);
        final SortedTable names = next.sortedTable("names", 100, WIDE, 20);
        next.seal();
        final UnsafeBuffer key = Bank.bytes("abcdefgh");
        assertTrue(names.get(key, 0, 8, scratch, 0));
        assertEquals(8, WIDE.longField("x").get(scratch, 0));
        assertEquals(3, names.size());
        assertEquals(
                "bank: names: holds 3 records, the new one has room for 2; raise \"names\" under"
                        + " \"capacities\" in the manifest",
                Bank.refusal(() -> bank.build(Bank::byName).sortedTable("names", 100, WIDE, 2)));
    }

    @Test
    void aLogKeepsTheNewestRecordsAndTheirNumbers() {
        final Build first = bank.build(null);
        final RecordLog old = first.log("events", null, 4096);
        first.seal();
        for (int i = 0; i < 200; i++) {
            scratch.putLong(0, i);
            first.journal.begin();
            assertEquals(i, old.append(scratch, 0, 8 + i % 40));
            first.journal.commit();
        }
        final long kept = old.size();
        for (final long capacity : new long[] {8192, 1024}) {
            final Build next = bank.build(Bank::byName);
            final RecordLog log = next.log("events", null, capacity);
            next.seal();
            assertEquals(200, log.nextSequence());
            assertTrue(capacity < 4096 ? log.size() < kept : log.size() == kept);
            assertRecords(200 - log.size());
        }
        // The next record comes where the old build would have put it.
        final Build again = bank.build(null);
        final RecordLog log = again.log("events", null, 1024);
        again.seal();
        again.journal.begin();
        assertEquals(200, log.append(scratch, 0, 100));
        again.journal.commit();
        assertEquals(
                "bank: events: record 200 of 100 bytes does not fit into a log of 64; raise \"events\""
                        + " under \"capacities\" in the manifest",
                Bank.refusal(() -> bank.build(Bank::byName).log("events", null, 64)));
    }

    private void assertRecords(final long firstNumber) {
        final Structure body = ArenaDirectory.findBody(bank.memory, "events");
        assertEquals(
                List.of(), RecordLogInvariants.check(bank.memory, body.offset(), body.bytes()));
        final RecordLogReader reader =
                RecordLogReader.attach("events", bank.memory, body.offset(), body.bytes());
        long number = firstNumber;
        for (int length = reader.read(scratch, 0);
                length != RecordLogReader.NOTHING;
                length = reader.read(scratch, 0)) {
            assertEquals(number, reader.sequence());
            assertEquals(number, scratch.getLong(0));
            assertEquals(8 + number % 40, length);
            number++;
        }
        assertEquals(200, number);
    }

    @Test
    void theRecordsOfALogAreCopiedByName() {
        final Build first = bank.build(null);
        final RecordLog old = first.log("points", POINT, 1024);
        first.seal();
        first.journal.begin();
        scratch.putInt(0, 3);
        scratch.putInt(4, -4);
        old.append(scratch, 0, 8);
        first.journal.commit();
        final Build next = bank.build(Bank::byName);
        final RecordLog log = next.log("points", WIDE, 1024);
        next.seal();
        assertEquals(1, log.size());
        final Structure body = ArenaDirectory.findBody(bank.memory, "points");
        assertEquals(
                WIDE.bytes(),
                RecordLogReader.attach("points", bank.memory, body.offset(), body.bytes())
                        .read(scratch, 0));
        assertEquals(3, WIDE.longField("x").get(scratch, 0));
        assertEquals(-4, WIDE.longField("y").get(scratch, 0));
    }

    @Test
    void cellsAndCountersKeepTheirValues() {
        final Build first = bank.build(null);
        final Cell motto = first.cell("motto", CellKind.TEXT, 10);
        final Cell number = first.cell("number", CellKind.LONG, 0);
        first.counter("count").set(11);
        first.seal();
        first.journal.begin();
        motto.setText(Bank.bytes("grow again"), 0, 10);
        number.setLong(-5);
        first.journal.commit();
        final Build next = bank.build(Bank::byName);
        final Cell longer = next.cell("motto", CellKind.TEXT, 100);
        next.cell("number", CellKind.LONG, 0);
        next.seal();
        assertEquals(100, longer.capacity());
        assertEquals(10, longer.getText(scratch, 0));
        assertEquals("grow again", scratch.getStringWithoutLengthAscii(0, 10));
        assertEquals(
                "bank: motto: its text of 10 bytes would be cut to 9; make the cell larger, or"
                        + " startEmpty()",
                Bank.refusal(() -> bank.build(Bank::byName).cell("motto", CellKind.TEXT, 9)));
        assertEquals(
                "bank: number: was a LONG and is a DOUBLE: startEmpty(), then set it in open()",
                Bank.refusal(() -> bank.build(Bank::byName).cell("number", CellKind.DOUBLE, 0)));
        assertEquals(
                "bank: number: was a LONG, is a DOUBLE; onCrash=reset, migrate(...) or the old build",
                Bank.refusal(() -> bank.build(null).cell("number", CellKind.DOUBLE, 0)));
        final Build last =
                bank.build(
                        migration -> {
                            if (migration.change() == Change.DROPPED) {
                                return false;
                            }
                            migration.startEmpty();
                            return true;
                        });
        assertEquals(0.0, last.cell("number", CellKind.DOUBLE, 0).getDouble());
        final Counter count = last.counter("count");
        last.seal();
        assertEquals(11, count.get());
    }

    @Test
    void aRegionOfBytesGrowsOrIsMadeByTheDaemon() {
        final Build first = bank.build(null);
        final JournaledBuffer old = first.region("state", 16);
        first.seal();
        first.journal.begin();
        old.putLong(0, 1);
        old.putLong(8, 2);
        first.journal.commit();
        final Build grown = bank.build(Bank::byName);
        assertEquals(2, grown.region("state", 200).getLong(8));
        grown.seal();
        assertEquals(
                "bank: state: 200 bytes would be cut to 8; say in copyBytes(...) what they become",
                Bank.refusal(() -> bank.build(Bank::byName).region("state", 8)));
        final Build next =
                bank.build(
                        migration -> {
                            migration.copyBytes(
                                    (before, after) ->
                                            after.putLong(
                                                    0, before.getLong(0) + before.getLong(8)));
                            return true;
                        });
        final JournaledBuffer state = next.region("state", 8);
        next.seal();
        assertEquals(3, state.getLong(0));
        assertEquals(8, state.capacity());
    }

    @Test
    void aRegionOfRecordsIsCopiedByName() {
        final Build first = bank.build(null);
        final Structure old = first.records("points", POINT, 5);
        first.seal();
        for (int i = 0; i < 5; i++) {
            POINT.intField("y").put(bank.memory, old.offset() + i * 8L, i);
        }
        final Build next = bank.build(Bank::byName);
        final Structure points = next.records("points", WIDE, 6);
        next.seal();
        for (int i = 0; i < 5; i++) {
            final long at = points.offset() + (long) i * WIDE.bytes();
            assertEquals(i, WIDE.longField("y").get(bank.memory, at));
        }
        assertEquals(
                "bank: points: has 6 records, the new one room for 4",
                Bank.refusal(() -> bank.build(Bank::byName).records("points", WIDE, 4)));
    }

    @Test
    void aStructureOfAnotherKindCanOnlyBeginAnew() {
        final Build first = bank.build(null);
        first.region("state", 64);
        first.arena.structure("ring:out", StructureKind.RING, 4096);
        first.seal();
        assertEquals(
                "bank: state: was a REGION and is a COUNTER: startEmpty() is left",
                Bank.refusal(() -> bank.build(Bank::byName).counter("state")));
        final Migrator empty =
                migration -> {
                    migration.startEmpty();
                    return true;
                };
        final Build next = bank.build(empty);
        assertEquals("a counter", next.counter("state").label());
        assertEquals(
                "bank: structure \"ring:out\" is RING of 4096 bytes, this build wants RING of 8192;"
                        + " onCrash=reset, migrate(...) or the old build",
                Bank.refusal(() -> next.arena.structure("ring:out", StructureKind.RING, 8192)));
    }
}
