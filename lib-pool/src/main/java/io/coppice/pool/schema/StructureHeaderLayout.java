package io.coppice.pool.schema;

/**
 * What lies before the body of a structure whose records have a schema.
 *
 * <pre>
 *      0  magic              "CHDR", stored last together with the version
 *      4  formatVersion      32 bits
 *      8  bodyOffset         from the start of the header, 64-byte aligned
 *     16  bodyBytes
 *     24  keySchemaOffset    32 bits, from the start of the header; 0 where keys have no schema
 *     28  keySchemaBytes     32 bits
 *     32  recordSchemaOffset 32 bits; 0 where records have no schema
 *     36  recordSchemaBytes  32 bits
 *     40  fingerprint        of both schemas
 *     48  capacity           in records, for people; 0 where it means nothing
 *     56  checksum           FNV-1a of the words from 8 to 55
 *     64  key schema         see {@link RecordSchemaLayout}
 *         record schema      on the next multiple of 8
 *         body               on the next multiple of 64
 * </pre>
 */
public final class StructureHeaderLayout {
    /** "CHDR" read as 32 little-endian bits. */
    public static final int MAGIC = 0x52444843;

    /** Changes whenever anything in the header moves. */
    public static final int FORMAT_VERSION = 1;

    /** Size of the fixed part in bytes; the schemas begin behind it. */
    public static final int FIXED_BYTES = 64;

    /** What the header and the body are aligned to, in bytes. */
    public static final int ALIGNMENT = 64;

    static final int MAGIC_AND_VERSION = 0;
    static final int BODY_OFFSET = 8;
    static final int BODY_BYTES = 16;
    static final int KEY_SCHEMA_OFFSET = 24;
    static final int KEY_SCHEMA_BYTES = 28;
    static final int RECORD_SCHEMA_OFFSET = 32;
    static final int RECORD_SCHEMA_BYTES = 36;
    static final int FINGERPRINT = 40;
    static final int CAPACITY = 48;
    static final int CHECKSUM = 56;

    static {
        if (CHECKSUM + Long.BYTES != FIXED_BYTES || FIXED_BYTES % ALIGNMENT != 0) {
            throw new AssertionError("the words of a structure's header do not fit together");
        }
    }

    private StructureHeaderLayout() {}

    /** Returns the word that holds the magic and a version. */
    static long magicAndVersion(final int version) {
        return (long) version << Integer.SIZE | MAGIC & 0xffffffffL;
    }

    /** Returns where the record schema begins behind a key schema of a size. */
    static int recordSchemaOffset(final int keySchemaBytes) {
        return FIXED_BYTES + (keySchemaBytes + Long.BYTES - 1 & -Long.BYTES);
    }

    /** Returns where the body begins behind schemas of these sizes. */
    static long bodyOffset(final int keySchemaBytes, final int recordSchemaBytes) {
        final long end = recordSchemaOffset(keySchemaBytes) + (long) recordSchemaBytes;
        return end + ALIGNMENT - 1 & -ALIGNMENT;
    }
}
