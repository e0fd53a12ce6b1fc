package io.coppice.pool.schema;

import java.util.ArrayList;
import java.util.List;

/**
 * Puts fields one after the other, each at the next multiple of its size. Declaring the large ones
 * first leaves no gaps. For one thread.
 */
public final class RecordSchemaBuilder {
    private final String name;
    private final List<RecordField> fields = new ArrayList<>();
    private long end;

    RecordSchemaBuilder(final String name) {
        this.name = name;
    }

    /** Adds a signed 64-bit integer. */
    public RecordSchemaBuilder longField(final String fieldName) {
        return add(FieldType.LONG, fieldName, Long.BYTES);
    }

    /** Adds a signed 32-bit integer. */
    public RecordSchemaBuilder intField(final String fieldName) {
        return add(FieldType.INT, fieldName, Integer.BYTES);
    }

    /** Adds a signed 16-bit integer. */
    public RecordSchemaBuilder shortField(final String fieldName) {
        return add(FieldType.SHORT, fieldName, Short.BYTES);
    }

    /** Adds a signed 8-bit integer. */
    public RecordSchemaBuilder byteField(final String fieldName) {
        return add(FieldType.BYTE, fieldName, Byte.BYTES);
    }

    /** Adds a 64-bit floating-point number. */
    public RecordSchemaBuilder doubleField(final String fieldName) {
        return add(FieldType.DOUBLE, fieldName, Double.BYTES);
    }

    /** Adds a 32-bit floating-point number. */
    public RecordSchemaBuilder floatField(final String fieldName) {
        return add(FieldType.FLOAT, fieldName, Float.BYTES);
    }

    /** Adds a boolean, which takes a byte. */
    public RecordSchemaBuilder booleanField(final String fieldName) {
        return add(FieldType.BOOLEAN, fieldName, Byte.BYTES);
    }

    /** Adds a text with room for {@code bytes} bytes of UTF-8. */
    public RecordSchemaBuilder text(final String fieldName, final int bytes) {
        return add(FieldType.TEXT, fieldName, bytes);
    }

    /** Adds {@code bytes} bytes without a meaning. */
    public RecordSchemaBuilder bytes(final String fieldName, final int bytes) {
        return add(FieldType.BYTES, fieldName, bytes);
    }

    /**
     * Returns the schema.
     *
     * @throws IllegalArgumentException where a name is bad or there twice, or the record has no
     *     fields, more than 256 or more than 16 MiB; the message names it
     */
    public RecordSchema build() {
        return schema(name, end, fields);
    }

    /** Makes a schema of fields that end before {@code end}, or says why there is none. */
    static RecordSchema schema(final String name, final long end, final List<RecordField> fields) {
        final int bytes = (int) Math.min(Integer.MAX_VALUE, end + Long.BYTES - 1 & -Long.BYTES);
        final String broken = SchemaRules.broken(name, bytes, fields);
        if (broken != null) {
            throw new IllegalArgumentException(broken);
        }
        return new RecordSchema(name, bytes, fields);
    }

    private RecordSchemaBuilder add(final FieldType type, final String fieldName, final int bytes) {
        if (bytes <= 0 || bytes > RecordSchemaLayout.RECORD_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "field \""
                            + fieldName
                            + "\": "
                            + bytes
                            + " bytes; a field has 1 to "
                            + RecordSchemaLayout.RECORD_BYTES_MAX);
        }
        final int alignment = type.alignment();
        final long offset = end + alignment - 1 & -alignment;
        if (offset > RecordSchemaLayout.RECORD_BYTES_MAX - bytes) {
            throw new IllegalArgumentException(
                    "record \""
                            + name
                            + "\": field \""
                            + fieldName
                            + "\" ends beyond "
                            + RecordSchemaLayout.RECORD_BYTES_MAX
                            + " bytes");
        }
        fields.add(type.field(fieldName, (int) offset, bytes));
        end = offset + bytes;
        return this;
    }
}
