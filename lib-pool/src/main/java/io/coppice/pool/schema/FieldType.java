package io.coppice.pool.schema;

/**
 * What a field of a record holds. The ordinal is part of the arena's format: new types come last.
 */
public enum FieldType {
    /** A signed 64-bit integer. */
    LONG("long", 8),
    /** A signed 32-bit integer. */
    INT("int", 4),
    /** A signed 16-bit integer. */
    SHORT("short", 2),
    /** A signed 8-bit integer. */
    BYTE("byte", 1),
    /** A 64-bit IEEE 754 number. */
    DOUBLE("double", 8),
    /** A 32-bit IEEE 754 number. */
    FLOAT("float", 4),
    /** A byte that is 0 for false, and true otherwise. */
    BOOLEAN("boolean", 1),
    /** UTF-8 in a fixed room, filled up with zero bytes. */
    TEXT("text", 0),
    /** Bytes in a fixed room. */
    BYTES("bytes", 0);

    private static final FieldType[] TYPES = values();

    private final String word;
    private final int bytes;

    FieldType(final String word, final int bytes) {
        this.word = word;
        this.bytes = bytes;
    }

    /** Returns the name for people. */
    public String word() {
        return word;
    }

    /** Returns how many bytes a field of this type takes; 0 where each field says it itself. */
    public int bytes() {
        return bytes;
    }

    /** Returns what the offset of such a field is a multiple of. */
    public int alignment() {
        return Math.max(1, bytes);
    }

    /** Returns the type with a code, or null where there is none. */
    static FieldType ofCode(final int code) {
        return code >= 0 && code < TYPES.length ? TYPES[code] : null;
    }

    /** Makes a handle; {@code bytes} counts where the type leaves it open. */
    RecordField field(final String name, final int offset, final int bytes) {
        return switch (this) {
            case LONG -> new LongField(name, offset);
            case INT -> new IntField(name, offset);
            case SHORT -> new ShortField(name, offset);
            case BYTE -> new ByteField(name, offset);
            case DOUBLE -> new DoubleField(name, offset);
            case FLOAT -> new FloatField(name, offset);
            case BOOLEAN -> new BooleanField(name, offset);
            case TEXT -> new TextField(name, offset, bytes);
            case BYTES -> new BytesField(name, offset, bytes);
        };
    }
}
