package io.coppice.pool.migrate;

import io.coppice.pool.ArenaException;
import io.coppice.pool.schema.RecordCopier;
import io.coppice.pool.schema.RecordSchema;
import io.coppice.pool.schema.StructureHeader;
import org.agrona.concurrent.UnsafeBuffer;

/** Makes new records out of old ones, one at a time, in buffers of its own. */
final class RecordConverter {
    private static final byte[] NOTHING = {};

    /** Where the filler puts the old record and its key. */
    final UnsafeBuffer key;

    final UnsafeBuffer before;

    /** Where the new record is then. */
    final UnsafeBuffer after;

    private final UnsafeBuffer keyView = new UnsafeBuffer(NOTHING);
    private final RecordCopier copier;
    private final RecordMigration each;
    private final String name;
    private final boolean longKeys;

    /**
     * Prepares a conversion.
     *
     * @param keyBytesMax of the old structure, 0 where its keys are numbers
     * @param each null where records are copied by name alone
     * @throws ArenaException where records lose something that {@code each} does not look after
     */
    RecordConverter(
            final MigrationSite site,
            final int keyBytesMax,
            final int oldBytes,
            final int newBytes,
            final RecordMigration each) {
        this.name = site.name();
        this.longKeys = keyBytesMax == 0;
        this.key = new UnsafeBuffer(new byte[Math.max(Long.BYTES, keyBytesMax)]);
        this.before = new UnsafeBuffer(new byte[oldBytes]);
        this.after = new UnsafeBuffer(new byte[newBytes]);
        this.copier = copier(site, each != null);
        this.each = each;
        if (copier == null && each == null && newBytes < oldBytes) {
            throw new ArenaException(
                    name
                            + ": a record of "
                            + oldBytes
                            + " bytes without fields would be cut to "
                            + newBytes
                            + "; say in copyEach(...) what it becomes");
        }
    }

    private static RecordCopier copier(final MigrationSite site, final boolean lossy) {
        final RecordSchema from = schema(site.oldHeader());
        final RecordSchema to = schema(site.newHeader());
        if (from == null || to == null) {
            return null;
        }
        try {
            return lossy ? RecordSchema.copierOfWhatFits(from, to) : RecordSchema.copier(from, to);
        } catch (final IllegalArgumentException loss) {
            throw new ArenaException(
                    site.name()
                            + ": "
                            + loss.getMessage()
                            + "; say in copyEach(...) what it becomes",
                    loss);
        }
    }

    /** Returns what records are made of; null where that is not said. */
    static RecordSchema schema(final StructureHeader header) {
        return header == null ? null : header.recordSchema();
    }

    /**
     * Converts what is in the buffers.
     *
     * @return whether the record is wanted
     */
    boolean convert(final int keyLength) throws Exception {
        after.setMemory(0, after.capacity(), (byte) 0);
        if (copier != null) {
            copier.copy(before, 0, after, 0);
        } else {
            after.putBytes(0, before, 0, Math.min(before.capacity(), after.capacity()));
        }
        if (each == null) {
            return true;
        }
        keyView.wrap(key, 0, keyLength);
        return each.migrate(keyView, before, after);
    }

    /** Names the record at which something went wrong, by its key. */
    ArenaException failed(final int keyLength, final Exception cause) {
        final String what = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return new ArenaException(name + ": record " + keyText(keyLength) + ": " + what, cause);
    }

    private String keyText(final int keyLength) {
        if (longKeys) {
            return Long.toString(key.getLong(0));
        }
        final StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < keyLength; i++) {
            final byte one = key.getByte(i);
            text.append(one >= ' ' && one < 0x7f ? (char) one : '?');
        }
        return text.append('"').toString();
    }
}
