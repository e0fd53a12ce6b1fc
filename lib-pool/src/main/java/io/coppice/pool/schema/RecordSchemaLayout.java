package io.coppice.pool.schema;

/**
 * A schema as it is kept in an arena. Numbers are little-endian and unsigned.
 *
 * <pre>
 *      0  version         8 bits, 1
 *      1  nameLength      8 bits
 *      2  fieldCount     16 bits
 *      4  recordBytes    32 bits, a multiple of 8
 *      8  fields
 *         name            UTF-8, right after the last field
 * </pre>
 *
 * A field, one right after the other, in the order of their offsets:
 *
 * <pre>
 *      0  type            8 bits, an ordinal of {@link FieldType}
 *      1  nameLength      8 bits
 *      2  0              16 bits
 *      4  offset         32 bits, in the record
 *      8  bytes          32 bits
 *     12  name            UTF-8
 * </pre>
 *
 * The name of the record comes last and its length is 0 in what is hashed, since what bytes mean
 * does not change with it.
 */
public final class RecordSchemaLayout {
    /** Changes whenever the form does. */
    public static final int VERSION = 1;

    /** How many fields a record can have. */
    public static final int FIELDS_MAX = 256;

    /** Longest name of a record or a field, in bytes of UTF-8. */
    public static final int NAME_BYTES_MAX = 63;

    /** Size of the largest record: 16 MiB. */
    public static final int RECORD_BYTES_MAX = 1 << 24;

    static final int VERSION_OFFSET = 0;
    static final int NAME_LENGTH = 1;
    static final int FIELD_COUNT = 2;
    static final int RECORD_BYTES = 4;
    static final int FIELDS = 8;

    static final int FIELD_TYPE = 0;
    static final int FIELD_NAME_LENGTH = 1;
    static final int FIELD_RESERVED = 2;
    static final int FIELD_OFFSET = 4;
    static final int FIELD_BYTES = 8;
    static final int FIELD_NAME = 12;

    /** No schema takes more. */
    public static final int ENCODED_BYTES_MAX =
            FIELDS + FIELDS_MAX * (FIELD_NAME + NAME_BYTES_MAX) + NAME_BYTES_MAX;

    static {
        if (NAME_BYTES_MAX > 0xff || FIELDS_MAX > 0xffff || ENCODED_BYTES_MAX > 1 << 16) {
            throw new AssertionError("the bounds of a schema do not fit its encoding");
        }
    }

    private RecordSchemaLayout() {}
}
