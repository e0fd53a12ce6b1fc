package io.coppice.root.cli;

import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.schema.RecordPrinter;
import io.coppice.pool.schema.RecordSchema;
import io.coppice.pool.tree.Cursor;
import io.coppice.pool.tree.SortedTableReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.agrona.ExpandableArrayBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Shows the records of a sorted table in the order of their keys. What a living writer is changing
 * meanwhile may be shown half changed, or as damage.
 */
final class StateSortedView implements StateView {
    private final String name;
    private final SortedTableReader table;
    private final RecordSchema schema;

    StateSortedView(
            final String name,
            final Memory arena,
            final Structure body,
            final RecordSchema schema) {
        this.name = name;
        this.table = SortedTableReader.attach(body.name(), arena, body.offset(), body.bytes());
        this.schema = schema;
    }

    @Override
    public Fill fill() {
        return Fill.of(table.size(), table.highWater(), table.capacity());
    }

    @Override
    public boolean isKeyed() {
        return true;
    }

    @Override
    public String get(final String key, final boolean json) {
        final RecordPrinter printer = StateKeys.printer(name, schema);
        final UnsafeBuffer record = new UnsafeBuffer(new byte[table.valueBytes()]);
        final boolean found;
        if (table.keyBytesMax() == 0) {
            found = table.get(StateKeys.number(name, key), record, 0);
        } else {
            final byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            found = table.get(new UnsafeBuffer(bytes), 0, bytes.length, record, 0);
        }
        if (!found) {
            throw StateKeys.missing(name, key);
        }
        return json ? printer.json(record, 0) : printer.text(record, 0);
    }

    @Override
    public void forEachJson(final Consumer<String> lines) {
        final RecordPrinter printer = StateKeys.printer(name, schema);
        final UnsafeBuffer record = new UnsafeBuffer(new byte[table.valueBytes()]);
        final ExpandableArrayBuffer key = new ExpandableArrayBuffer(table.keyBytesMax() + 1);
        final Cursor cursor = table.cursor();
        for (boolean there = cursor.first(); there; there = cursor.next()) {
            cursor.value(record, 0);
            final String fields = printer.json(record, 0);
            lines.accept(
                    table.keyBytesMax() == 0
                            ? StateKeys.line(cursor.key(), fields)
                            : StateKeys.line(key, 0, cursor.key(key, 0), fields));
        }
    }
}
