package io.coppice.root.cli;

import com.fasterxml.jackson.databind.node.TextNode;
import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import io.coppice.pool.schema.RecordPrinter;
import io.coppice.pool.schema.StructureHeader;
import io.coppice.pool.table.TableReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Prints the records of a structure by the names of their fields, with nothing but the arena. */
final class StateRecords {
    private final String name;
    private final TableReader table;
    private final RecordPrinter printer;

    private StateRecords(final String name, final TableReader table, final RecordPrinter printer) {
        this.name = name;
        this.table = table;
        this.printer = printer;
    }

    /**
     * Finds the records that a target names.
     *
     * @throws CommandFailure where what is there has no records, or none with a schema
     */
    static StateRecords of(final StateTarget target) {
        final Structure structure = target.structure();
        final StructureHeader header = ArenaDirectory.header(target.arena(), structure.name());
        if (structure.kind() != StructureKind.TABLE
                || header == null
                || header.recordSchema() == null) {
            throw new CommandFailure(
                    ExitStatus.USAGE,
                    target.label()
                            + "/"
                            + structure.name()
                            + " is a "
                            + structure.kind()
                            + " without records that could be told apart; \"coppice state ls\" shows"
                            + " which have a record");
        }
        return new StateRecords(
                target.label() + "/" + structure.name(),
                target.table(structure),
                new RecordPrinter(header.recordSchema()));
    }

    /** Returns the record of a key, as a line of text or as a JSON object. */
    String get(final String key, final boolean json) {
        final UnsafeBuffer record = new UnsafeBuffer(new byte[table.valueBytes()]);
        final int answer;
        if (table.keyBytesMax() == 0) {
            answer = table.read(number(key), record, 0, StateCommand.READ_NS);
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
            throw new CommandFailure(
                    ExitStatus.NO_SUCH_TREE, name + " has no record with the key " + key);
        }
        if (answer == TableReader.BUSY) {
            throw busy();
        }
        return json ? printer.json(record, 0) : printer.text(record, 0);
    }

    /** Shows each record as a JSON object with its key as {@code $key}. */
    void forEachJson(final Consumer<String> lines) {
        final boolean whole =
                table.forEach(
                        (number, record, keyIndex, keyLength, valueIndex) ->
                                lines.accept(line(record, keyIndex, keyLength, valueIndex)),
                        StateCommand.READ_NS);
        if (!whole) {
            throw busy();
        }
    }

    private String line(
            final DirectBuffer record,
            final int keyIndex,
            final int keyLength,
            final int valueIndex) {
        final StringBuilder line = new StringBuilder("{\"$key\":");
        if (table.keyBytesMax() == 0) {
            line.append(record.getLong(keyIndex));
        } else {
            line.append(new TextNode(record.getStringWithoutLengthUtf8(keyIndex, keyLength)));
        }
        final String fields = printer.json(record, valueIndex);
        return line.append(',').append(fields, 1, fields.length()).toString();
    }

    private long number(final String key) {
        try {
            return Long.parseLong(key);
        } catch (final NumberFormatException wrong) {
            throw new CommandFailure(
                    ExitStatus.USAGE, name + ": the keys are numbers, and \"" + key + "\" is none");
        }
    }

    private CommandFailure busy() {
        return new CommandFailure(
                ExitStatus.OS_REFUSED,
                name
                        + ": a transaction that removes records is under way (or its writer is dead and"
                        + " not recovered yet); try again");
    }
}
