package io.coppice.root.cli;

import io.coppice.pool.Memory;
import io.coppice.pool.Structure;
import io.coppice.pool.log.RecordLogReader;
import io.coppice.pool.schema.RecordPrinter;
import io.coppice.pool.schema.RecordSchema;
import io.coppice.root.manifest.Sizes;
import java.util.HexFormat;
import java.util.function.Consumer;
import org.agrona.ExpandableArrayBuffer;

/**
 * Shows the records of a log, the oldest that is kept first; the key of each is its number. Records
 * without a schema, and such as are shorter than it, are shown as hexadecimal digits.
 */
final class StateLogView implements StateView {
    private final String name;
    private final RecordLogReader log;
    private final RecordSchema schema;
    private final ExpandableArrayBuffer record = new ExpandableArrayBuffer();

    StateLogView(
            final String name,
            final Memory arena,
            final Structure body,
            final RecordSchema schema) {
        this.name = name;
        this.log = RecordLogReader.attach(body.name(), arena, body.offset(), body.bytes());
        this.schema = schema;
    }

    @Override
    public Fill fill() {
        return new Fill(
                Sizes.rounded(log.usedBytes()),
                Sizes.rounded(log.highWater()),
                Sizes.rounded(log.capacity()));
    }

    @Override
    public boolean isKeyed() {
        return true;
    }

    @Override
    public String get(final String key, final boolean json) {
        final long number = StateKeys.number(name, key);
        log.seek(number);
        final int length = read();
        if (length == RecordLogReader.NOTHING || log.sequence() != number) {
            throw StateKeys.missing(name, key);
        }
        if (json) {
            return json(length);
        }
        return isPrintable(length) ? new RecordPrinter(schema).text(record, 0) : hex(length);
    }

    @Override
    public void forEachJson(final Consumer<String> lines) {
        log.seekOldest();
        // What is appended meanwhile is left out, or this might never end.
        final long end = log.nextSequence();
        int length = read();
        while (length != RecordLogReader.NOTHING && log.sequence() < end) {
            lines.accept(StateKeys.line(log.sequence(), json(length)));
            length = read();
        }
    }

    /** Makes room for a record before it is read. */
    private int read() {
        final long length = log.nextLength();
        if (length > 0) {
            record.checkLimit((int) length);
        }
        return log.read(record, 0);
    }

    private String json(final int length) {
        return isPrintable(length)
                ? new RecordPrinter(schema).json(record, 0)
                : "{\"bytes\":\"" + hex(length) + "\"}";
    }

    private boolean isPrintable(final int length) {
        return schema != null && schema.bytes() <= length;
    }

    private String hex(final int length) {
        return HexFormat.of().formatHex(record.byteArray(), 0, length);
    }
}
