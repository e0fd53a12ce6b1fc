package io.coppice.pool.schema;

import io.coppice.pool.ArenaException;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.StructLayout;
import java.util.List;

/**
 * The layout of a record, declared once:
 *
 * <pre>{@code
 * static final RecordSchema ACCOUNT =
 *         RecordSchema.builder("account").longField("balance").text("owner", 32).build();
 * static final LongField BALANCE = ACCOUNT.longField("balance");
 * }</pre>
 *
 * <p>Fields are naturally aligned and lie in the order in which they were declared; a record's size
 * is a multiple of 8. Schemas are equal as far as bytes are concerned where {@link #fingerprint}
 * is: the names of the fields count, the name of the record does not.
 *
 * <p>Immutable, for any thread.
 */
public final class RecordSchema {
    private final String name;
    private final int bytes;
    private final List<RecordField> fields;
    private final byte[] encoded;
    private final long fingerprint;

    /** What is given has been found right by {@link SchemaRules}. */
    RecordSchema(final String name, final int bytes, final List<RecordField> fields) {
        this.name = name;
        this.bytes = bytes;
        this.fields = List.copyOf(fields);
        this.encoded = RecordSchemaCodec.encode(name, bytes, fields);
        this.fingerprint = RecordSchemaCodec.fingerprint(encoded);
    }

    /** Begins a schema of a name that has 1 to 63 bytes. */
    public static RecordSchemaBuilder builder(final String name) {
        return new RecordSchemaBuilder(name);
    }

    /**
     * Makes the schema of a struct whose members are named values, texts ({@link #textLayout}),
     * sequences of bytes, and padding. Trailing padding up to a multiple of 8 may be missing. A
     * struct without a name is called {@code record}.
     *
     * @throws IllegalArgumentException where a member is something else, big-endian, without a name
     *     or not aligned to its size; the message names it
     */
    public static RecordSchema of(final StructLayout layout) {
        return StructFields.schema(layout);
    }

    /** Returns the layout of a text with room for {@code bytes} bytes of UTF-8. */
    public static MemoryLayout textLayout(final int bytes) {
        return StructFields.text(bytes);
    }

    /**
     * Reads what {@link #encode} wrote, trusting nothing.
     *
     * @throws ArenaException where it is no schema, or one of another version
     */
    public static RecordSchema decode(final byte[] encoded) {
        return RecordSchemaCodec.decode(encoded);
    }

    /**
     * Returns what copies records of one schema into records of another.
     *
     * @throws IllegalArgumentException where a field of the same name would lose something: the
     *     message names it
     */
    public static RecordCopier copier(final RecordSchema from, final RecordSchema to) {
        return RecordCopier.of(from, to, false);
    }

    /**
     * Does what {@link #copier} does, but where a field would lose something it is zero in the
     * copy, for whoever fills it otherwise.
     */
    public static RecordCopier copierOfWhatFits(final RecordSchema from, final RecordSchema to) {
        return RecordCopier.of(from, to, true);
    }

    /** Returns the name, for people. */
    public String name() {
        return name;
    }

    /** Returns the size of a record in bytes, a multiple of 8. */
    public int bytes() {
        return bytes;
    }

    /** Returns the fields in the order in which they lie. */
    public List<RecordField> fields() {
        return fields;
    }

    /** Returns the field of a name, or null where there is none. */
    public RecordField find(final String fieldName) {
        for (final RecordField field : fields) {
            if (field.name().equals(fieldName)) {
                return field;
            }
        }
        return null;
    }

    /**
     * Returns the field of a name.
     *
     * @throws IllegalArgumentException where there is none
     */
    public RecordField field(final String fieldName) {
        final RecordField field = find(fieldName);
        if (field == null) {
            throw new IllegalArgumentException(
                    "record \"" + name + "\" has no field \"" + fieldName + "\", only " + names());
        }
        return field;
    }

    /**
     * Returns the handle of a field, as do the methods for the other types.
     *
     * @throws IllegalArgumentException where there is no such field, or it is of another type
     */
    public LongField longField(final String fieldName) {
        return typed(fieldName, FieldType.LONG, LongField.class);
    }

    /** Returns the handle of an {@code int}, like {@link #longField}. */
    public IntField intField(final String fieldName) {
        return typed(fieldName, FieldType.INT, IntField.class);
    }

    /** Returns the handle of a {@code short}, like {@link #longField}. */
    public ShortField shortField(final String fieldName) {
        return typed(fieldName, FieldType.SHORT, ShortField.class);
    }

    /** Returns the handle of a {@code byte}, like {@link #longField}. */
    public ByteField byteField(final String fieldName) {
        return typed(fieldName, FieldType.BYTE, ByteField.class);
    }

    /** Returns the handle of a {@code double}, like {@link #longField}. */
    public DoubleField doubleField(final String fieldName) {
        return typed(fieldName, FieldType.DOUBLE, DoubleField.class);
    }

    /** Returns the handle of a {@code float}, like {@link #longField}. */
    public FloatField floatField(final String fieldName) {
        return typed(fieldName, FieldType.FLOAT, FloatField.class);
    }

    /** Returns the handle of a {@code boolean}, like {@link #longField}. */
    public BooleanField booleanField(final String fieldName) {
        return typed(fieldName, FieldType.BOOLEAN, BooleanField.class);
    }

    /** Returns the handle of a text, like {@link #longField}. */
    public TextField textField(final String fieldName) {
        return typed(fieldName, FieldType.TEXT, TextField.class);
    }

    /** Returns the handle of bytes, like {@link #longField}. */
    public BytesField bytesField(final String fieldName) {
        return typed(fieldName, FieldType.BYTES, BytesField.class);
    }

    /**
     * Returns 64 bits that are the same in every JVM for schemas whose records mean the same, and
     * most probably differ for all others: FNV-1a of the encoding without the record's own name.
     */
    public long fingerprint() {
        return fingerprint;
    }

    /** Returns the form that is kept in arenas, see {@link RecordSchemaLayout}. */
    public byte[] encode() {
        return encoded.clone();
    }

    /** Returns how many bytes {@link #encode} returns. */
    public int encodedBytes() {
        return encoded.length;
    }

    /** Returns the struct, with its padding, for use with {@link java.lang.foreign}. */
    public StructLayout layout() {
        return StructFields.layout(this);
    }

    /**
     * Says in one line what this schema, which a build wants, changes in the one that is in an
     * arena; null where records mean the same. For example {@code record grew from 48 to 56 bytes:
     * field "limit" (long at 48) is new}.
     */
    public String describeDifference(final RecordSchema there) {
        final String size = SchemaDifference.ofSize("record", there, this);
        return size == null ? null : size + ": " + SchemaDifference.ofFields(there, this);
    }

    @Override
    public String toString() {
        return name + " of " + bytes + " bytes: " + names();
    }

    private <F extends RecordField> F typed(
            final String fieldName, final FieldType type, final Class<F> handle) {
        final RecordField field = field(fieldName);
        if (!handle.isInstance(field)) {
            throw new IllegalArgumentException(
                    "record \""
                            + name
                            + "\": field \""
                            + fieldName
                            + "\" is "
                            + field.typeText()
                            + ", not "
                            + type.word());
        }
        return handle.cast(field);
    }

    private String names() {
        final StringBuilder names = new StringBuilder();
        for (final RecordField field : fields) {
            names.append(names.length() == 0 ? "" : ", ").append(field.name());
        }
        return names.toString();
    }
}
