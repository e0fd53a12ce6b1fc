package io.coppice.pool.migrate;

import io.coppice.pool.Arena;
import io.coppice.pool.BodyLayout;
import io.coppice.pool.Journal;
import io.coppice.pool.JournaledBuffer;
import io.coppice.pool.Memory;
import io.coppice.pool.OwnerWord;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import io.coppice.pool.cell.Cell;
import io.coppice.pool.cell.CellKind;
import io.coppice.pool.cell.Counter;
import io.coppice.pool.log.RecordLog;
import io.coppice.pool.plan.DaemonPlan;
import io.coppice.pool.schema.RecordSchema;
import io.coppice.pool.schema.StructureHeader;
import io.coppice.pool.table.Table;
import io.coppice.pool.tree.SortedTable;

/** One incarnation of a daemon of some build, as its own process would attach and lay out. */
final class Build {
    final Arena arena;
    final Memory memory;
    final Journal journal;

    /** Attaches, recovers, and has a migrator, or null, decide. */
    Build(final Memory memory, final DaemonPlan plan, final Migrator migrator) {
        this.memory = memory;
        this.arena = Arena.attach(memory, plan, OwnerWord.of(1, 1));
        this.journal = arena.journal();
        arena.recover();
        if (migrator != null) {
            arena.migrateWith(migrator);
        }
    }

    Table table(final String name, final RecordSchema record, final long capacity) {
        return table(name, 0, record, capacity);
    }

    Table table(
            final String name,
            final int keyBytesMax,
            final RecordSchema record,
            final long capacity) {
        final Structure body =
                arena.structure(
                        name,
                        StructureKind.TABLE,
                        StructureHeader.of(
                                null,
                                record,
                                Table.bytes(capacity, keyBytesMax, record.bytes()),
                                capacity),
                        Bodies.table(name, journal, capacity, keyBytesMax, record.bytes()));
        return Table.attach(name, journal, memory, body.offset(), body.bytes());
    }

    SortedTable sortedTable(
            final String name,
            final int keyBytesMax,
            final RecordSchema record,
            final long capacity) {
        final Structure body =
                arena.structure(
                        name,
                        StructureKind.SORTED_TABLE,
                        StructureHeader.of(
                                null,
                                record,
                                SortedTable.bytes(capacity, keyBytesMax, record.bytes()),
                                capacity),
                        Bodies.sortedTable(name, journal, capacity, keyBytesMax, record.bytes()));
        return SortedTable.attach(name, journal, memory, body.offset(), body.bytes());
    }

    RecordLog log(final String name, final RecordSchema record, final long capacityBytes) {
        final Structure body =
                arena.structure(
                        name,
                        StructureKind.RECORD_LOG,
                        StructureHeader.of(
                                null, record, RecordLog.bytes(capacityBytes), capacityBytes),
                        Bodies.log(name, journal, capacityBytes));
        return RecordLog.attach(name, journal, memory, body.offset(), body.bytes());
    }

    Cell cell(final String name, final CellKind kind, final int textBytesMax) {
        final Structure place =
                arena.structure(
                        name,
                        StructureKind.CELL,
                        kind == CellKind.TEXT ? Cell.bytes(textBytesMax) : Cell.bytes(),
                        Bodies.cell(name, journal, kind, textBytesMax));
        return Cell.attach(name, journal, memory, place.offset(), place.bytes());
    }

    Counter counter(final String name) {
        final BodyLayout layout = Bodies.counter(name, 7, "a counter");
        final Structure place =
                arena.structure(name, StructureKind.COUNTER, Counter.bytes(), layout);
        return Counter.attach(name, memory, place.offset(), place.bytes());
    }

    JournaledBuffer region(final String name, final int bytes) {
        final Structure place = arena.structure(name, StructureKind.REGION, bytes);
        return new JournaledBuffer(journal, memory, place.offset(), bytes);
    }

    Structure records(final String name, final RecordSchema record, final long count) {
        return arena.structure(
                name,
                StructureKind.REGION,
                StructureHeader.of(null, record, count * record.bytes(), count));
    }

    void seal() {
        arena.seal();
    }
}
