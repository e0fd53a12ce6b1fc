package io.coppice.root.cli;

import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.schema.RecordPrinter;
import io.coppice.pool.schema.RecordSchema;
import io.coppice.pool.table.TableReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Shows the records of a hash table as they were last committed. */
final class StateTableView implements StateView {
    private final String name;
    private final TableReader table;
    private final RecordSchema schema;

    StateTableView(
            final String name,
            final Memory arena,
            final Structure body,
            final RecordSchema schema) {
        this.name = name;
        this.table = TableReader.attach(body.name(), arena, body.offset(), body.bytes());
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
        final int answer;
        if (table.keyBytesMax() == 0) {
            answer = table.read(StateKeys.number(name, key), record, 0, StateCommand.READ_NS);
        } else {
            final byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            answer =
                    table.read(
                            new UnsafeBuffer(bytes),
                            0,
                            bytes.length,
                            record,
                            0,
                            StateCommand.READ_NS);
        }
        if (answer == TableReader.ABSENT) {
            throw StateKeys.missing(name, key);
        }
        if (answer == TableReader.BUSY) {
            throw busy();
        }
        return json ? printer.json(record, 0) : printer.text(record, 0);
    }

    @Override
    public void forEachJson(final Consumer<String> lines) {
        final RecordPrinter printer = StateKeys.printer(name, schema);
        final boolean whole =
                table.forEach(
                        (number, record, keyIndex, keyLength, valueIndex) ->
                                lines.accept(
                                        line(
                                                record,
                                                keyIndex,
                                                keyLength,
                                                printer.json(record, valueIndex))),
                        StateCommand.READ_NS);
        if (!whole) {
            throw busy();
        }
    }

    private String line(
            final DirectBuffer record,
            final int keyIndex,
            final int keyLength,
            final String fields) {
        return table.keyBytesMax() == 0
                ? StateKeys.line(record.getLong(keyIndex), fields)
                : StateKeys.line(record, keyIndex, keyLength, fields);
    }

    private CommandFailure busy() {
        return new CommandFailure(
                ExitStatus.OS_REFUSED,
                name
                        + ": a transaction that removes records is under way (or its writer is dead and"
                        + " not recovered yet); try again");
    }
}
