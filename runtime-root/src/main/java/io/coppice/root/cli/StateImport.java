package io.coppice.root.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.coppice.pool.ArenaDirectory;
import io.coppice.pool.Journal;
import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.StructureKind;
import io.coppice.pool.schema.FieldText;
import io.coppice.pool.schema.RecordField;
import io.coppice.pool.schema.RecordSchema;
import io.coppice.pool.schema.StructureHeader;
import io.coppice.pool.table.Table;
import io.coppice.pool.tree.SortedTable;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Stores records that {@code state export} printed, one transaction each: a record whose key is
 * there already is replaced, so that an import that failed half-way may be made again. A field that
 * a line does not name is 0, or empty.
 */
final class StateImport {
    private static final ObjectMapper JSON =
            new ObjectMapper()
                    .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Journal journal;
    private final RecordSchema schema;
    private final UnsafeBuffer record;
    private final UnsafeBuffer key = new UnsafeBuffer(0, 0);
    private final Table table;
    private final SortedTable sorted;

    private StateImport(
            final Journal journal,
            final RecordSchema schema,
            final Table table,
            final SortedTable sorted) {
        this.journal = journal;
        this.schema = schema;
        this.record = new UnsafeBuffer(new byte[schema.bytes()]);
        this.table = table;
        this.sorted = sorted;
    }

    /**
     * Prepares an import into a structure.
     *
     * @throws CommandFailure where it cannot be imported into
     */
    static StateImport into(final StoppedArena arena, final String name) {
        final Memory memory = arena.memory();
        final Structure body = ArenaDirectory.findBody(memory, name);
        final StructureHeader header = ArenaDirectory.header(memory, name);
        final RecordSchema schema = header == null ? null : header.recordSchema();
        if (schema == null || body.kind() == StructureKind.RECORD_LOG) {
            throw new CommandFailure(
                    ExitStatus.USAGE,
                    name
                            + " is a "
                            + body.kind()
                            + ": records can be imported into tables and sorted tables");
        }
        final Journal journal = arena.journal();
        return body.kind() == StructureKind.TABLE
                ? new StateImport(
                        journal,
                        schema,
                        Table.attach(name, journal, memory, body.offset(), body.bytes()),
                        null)
                : new StateImport(
                        journal,
                        schema,
                        null,
                        SortedTable.attach(name, journal, memory, body.offset(), body.bytes()));
    }

    /**
     * Stores the record of one line.
     *
     * @throws IllegalArgumentException where the line is no such record: the message says why, and
     *     nothing is stored
     * @throws io.coppice.pool.StructureFullException where there is no room; nothing is stored
     */
    void store(final String line) {
        final JsonNode node = parse(line);
        record.setMemory(0, record.capacity(), (byte) 0);
        for (final Map.Entry<String, JsonNode> field : node.properties()) {
            if (!field.getKey().equals(StateKeys.KEY)
                    && !field.getKey().equals(StateKeys.KEY_HEX)) {
                put(field.getKey(), field.getValue());
            }
        }
        journal.begin();
        try {
            if (isLongKeyed()) {
                store(longKey(node));
            } else {
                key.wrap(bytesKey(node));
                storeBytes();
            }
            journal.commit();
        } finally {
            if (journal.isActive()) {
                journal.rollback();
            }
        }
    }

    private void store(final long number) {
        if (table != null) {
            table.putBytes(table.findOrInsert(number), 0, record, 0, record.capacity());
        } else if (!sorted.update(number, record, 0)) {
            sorted.insert(number, record, 0);
        }
    }

    private void storeBytes() {
        final int length = key.capacity();
        if (table != null) {
            table.putBytes(table.findOrInsert(key, 0, length), 0, record, 0, record.capacity());
        } else if (!sorted.update(key, 0, length, record, 0)) {
            sorted.insert(key, 0, length, record, 0);
        }
    }

    private boolean isLongKeyed() {
        return (table != null ? table.keyBytesMax() : sorted.keyBytesMax()) == 0;
    }

    private void put(final String name, final JsonNode value) {
        final RecordField field = schema.find(name);
        if (field == null) {
            throw new IllegalArgumentException(
                    "there is no field \"" + name + "\": a record is " + schema);
        }
        if (!value.isValueNode() || value.isNull()) {
            throw new IllegalArgumentException(
                    "field \""
                            + name
                            + "\" ("
                            + field.type().word()
                            + "): "
                            + value
                            + " is no value");
        }
        FieldText.put(field, value.asText(), record, 0);
    }

    private static JsonNode parse(final String line) {
        try {
            final JsonNode node = JSON.readTree(line);
            if (!node.isObject()) {
                throw new IllegalArgumentException("is no JSON object");
            }
            return node;
        } catch (final JsonProcessingException wrong) {
            throw new IllegalArgumentException("is no JSON: " + wrong.getOriginalMessage(), wrong);
        }
    }

    private static long longKey(final JsonNode node) {
        final JsonNode value = node.get(StateKeys.KEY);
        if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new IllegalArgumentException(
                    "\"" + StateKeys.KEY + "\" must be a whole number of 64 bits");
        }
        return value.asLong();
    }

    private static byte[] bytesKey(final JsonNode node) {
        final JsonNode text = node.get(StateKeys.KEY);
        final JsonNode hex = node.get(StateKeys.KEY_HEX);
        if (text != null && text.isTextual() && hex == null) {
            return text.asText().getBytes(StandardCharsets.UTF_8);
        }
        if (hex != null && hex.isTextual() && text == null) {
            return HexFormat.of().parseHex(hex.asText());
        }
        throw new IllegalArgumentException(
                "one of \""
                        + StateKeys.KEY
                        + "\" and \""
                        + StateKeys.KEY_HEX
                        + "\" must be there, a text");
    }
}
