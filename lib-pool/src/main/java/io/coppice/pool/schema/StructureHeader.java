package io.coppice.pool.schema;

import io.coppice.pool.ArenaException;
import io.coppice.pool.Memory;

/**
 * What a structure says of itself in the arena: the schemas of its keys and records, its capacity,
 * and where its body lies. With it any process prints the records by name, and a build whose
 * schemas differ is told how.
 *
 * <p>Ordering. A header is written into zeroed memory in the INIT phase of its arena, all of it
 * before the magic (release); a reader loads the magic first (acquire), so it sees a whole header
 * or none. A death between any two stores leaves INIT, and the successor starts over from zeroes.
 * After that nobody stores into it.
 *
 * <p>Immutable, for any thread.
 */
public final class StructureHeader {
    private static final byte[] NOTHING = {};

    private final RecordSchema keySchema;
    private final RecordSchema recordSchema;
    private final long bodyBytes;
    private final long capacity;

    private StructureHeader(
            final RecordSchema keySchema,
            final RecordSchema recordSchema,
            final long bodyBytes,
            final long capacity) {
        this.keySchema = keySchema;
        this.recordSchema = recordSchema;
        this.bodyBytes = bodyBytes;
        this.capacity = capacity;
    }

    /**
     * Makes a header.
     *
     * @param keySchema null where keys have none
     * @param recordSchema null where records have none
     * @param bodyBytes of the structure itself, from 1 on
     * @param capacity in records, for people; 0 where it means nothing
     * @throws IllegalArgumentException where a number is out of its range
     */
    public static StructureHeader of(
            final RecordSchema keySchema,
            final RecordSchema recordSchema,
            final long bodyBytes,
            final long capacity) {
        if (bodyBytes <= 0
                || bodyBytes > Long.MAX_VALUE - bytes(keySchema, recordSchema)
                || capacity < 0) {
            throw new IllegalArgumentException(
                    "a body of " + bodyBytes + " bytes for " + capacity + " records");
        }
        return new StructureHeader(keySchema, recordSchema, bodyBytes, capacity);
    }

    /**
     * Returns what a header with these schemas takes before the body, in bytes; see {@link #of}.
     */
    public static long bytes(final RecordSchema keySchema, final RecordSchema recordSchema) {
        return StructureHeaderLayout.bodyOffset(
                encodedBytes(keySchema), encodedBytes(recordSchema));
    }

    /**
     * Returns whether a header was finished at an offset. A structure without one whose first bytes
     * look like it is told apart by {@link #read}.
     */
    public static boolean isPresent(final Memory arena, final long offset, final long bytes) {
        return bytes >= StructureHeaderLayout.FIXED_BYTES
                && offset >= 0
                && offset <= arena.bytes() - bytes
                && (int) arena.getLongAcquire(offset + StructureHeaderLayout.MAGIC_AND_VERSION)
                        == StructureHeaderLayout.MAGIC;
    }

    /**
     * Reads a header, trusting nothing.
     *
     * @param name of the structure, for the message
     * @param offset of the structure in the arena
     * @param bytes of the structure, its header included
     * @throws ArenaException where there is no whole header of this version that fits
     */
    public static StructureHeader read(
            final String name, final Memory arena, final long offset, final long bytes) {
        return StructureHeaderReader.read(name, arena, offset, bytes);
    }

    /**
     * Writes the header into zeroed memory; in the INIT phase only.
     *
     * @param offset of the structure, 64-byte aligned, with room for {@link #bytes()}
     */
    public void write(final Memory arena, final long offset) {
        if (offset % StructureHeaderLayout.ALIGNMENT != 0 || offset > arena.bytes() - bytes()) {
            throw new IllegalArgumentException(
                    "a structure of " + bytes() + " bytes at offset " + offset);
        }
        final byte[] key = keySchema == null ? NOTHING : keySchema.encode();
        final byte[] record = recordSchema == null ? NOTHING : recordSchema.encode();
        final int recordOffset = StructureHeaderLayout.recordSchemaOffset(key.length);
        arena.putBytes(offset + StructureHeaderLayout.FIXED_BYTES, key, 0, key.length);
        arena.putBytes(offset + recordOffset, record, 0, record.length);
        arena.putLong(offset + StructureHeaderLayout.BODY_OFFSET, bodyOffset());
        arena.putLong(offset + StructureHeaderLayout.BODY_BYTES, bodyBytes);
        arena.putInt(
                offset + StructureHeaderLayout.KEY_SCHEMA_OFFSET,
                key.length == 0 ? 0 : StructureHeaderLayout.FIXED_BYTES);
        arena.putInt(offset + StructureHeaderLayout.KEY_SCHEMA_BYTES, key.length);
        arena.putInt(
                offset + StructureHeaderLayout.RECORD_SCHEMA_OFFSET,
                record.length == 0 ? 0 : recordOffset);
        arena.putInt(offset + StructureHeaderLayout.RECORD_SCHEMA_BYTES, record.length);
        arena.putLong(offset + StructureHeaderLayout.FINGERPRINT, fingerprint());
        arena.putLong(offset + StructureHeaderLayout.CAPACITY, capacity);
        arena.putLong(
                offset + StructureHeaderLayout.CHECKSUM,
                StructureHeaderReader.checksum(arena, offset));
        arena.putLongRelease(
                offset + StructureHeaderLayout.MAGIC_AND_VERSION,
                StructureHeaderLayout.magicAndVersion(StructureHeaderLayout.FORMAT_VERSION));
    }

    /** Returns the schema of the keys, or null. */
    public RecordSchema keySchema() {
        return keySchema;
    }

    /** Returns the schema of the records, or null. */
    public RecordSchema recordSchema() {
        return recordSchema;
    }

    /** Returns where the body begins, in bytes from the start of the header. */
    public long bodyOffset() {
        return bytes(keySchema, recordSchema);
    }

    /** Returns the size of the body. */
    public long bodyBytes() {
        return bodyBytes;
    }

    /** Returns the size of header and body. */
    public long bytes() {
        return bodyOffset() + bodyBytes;
    }

    /** Returns how many records the structure holds at most; 0 where that means nothing. */
    public long capacity() {
        return capacity;
    }

    /** Returns the fingerprint of both schemas. */
    public long fingerprint() {
        return Fnv1a.add(Fnv1a.add(Fnv1a.BASIS, print(keySchema)), print(recordSchema));
    }

    /**
     * Says in a few words what this header, which a build wants, changes in the one that is in the
     * arena, such as {@code record grew from 48 to 56 bytes}; null where nothing.
     */
    public String difference(final StructureHeader there) {
        final StringBuilder parts = new StringBuilder();
        append(parts, SchemaDifference.ofSize("key", there.keySchema, keySchema));
        append(parts, SchemaDifference.ofSize("record", there.recordSchema, recordSchema));
        append(parts, number("capacity", there.capacity, capacity));
        // The size follows from all of these, and is worth a word where they are the same.
        if (parts.length() == 0) {
            append(parts, number("size in bytes", there.bodyBytes, bodyBytes));
        }
        return parts.length() == 0 ? null : parts.toString();
    }

    /**
     * Says which fields differ, such as {@code field "limit" (long at 48) is new}; null where none
     * does.
     */
    public String fieldDifference(final StructureHeader there) {
        final StringBuilder parts = new StringBuilder();
        append(parts, SchemaDifference.ofFields(there.keySchema, keySchema));
        append(parts, SchemaDifference.ofFields(there.recordSchema, recordSchema));
        return parts.length() == 0 ? null : parts.toString();
    }

    private static String number(final String what, final long before, final long now) {
        return before == now
                ? null
                : what + (before < now ? " grew from " : " shrank from ") + before + " to " + now;
    }

    private static void append(final StringBuilder parts, final String part) {
        if (part != null && !part.isEmpty()) {
            parts.append(parts.length() == 0 ? "" : ", ").append(part);
        }
    }

    private static long print(final RecordSchema schema) {
        return schema == null ? 0 : schema.fingerprint();
    }

    private static int encodedBytes(final RecordSchema schema) {
        return schema == null ? 0 : schema.encodedBytes();
    }
}
