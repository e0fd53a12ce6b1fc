package io.coppice.pool.schema;

/**
 * One field of a record: where it lies and what it holds. Immutable, for any thread.
 *
 * <p>All handles are Java records, since those are the classes whose final fields the JIT takes for
 * constants: an access through a handle in a {@code static final} becomes the one load or store
 * that a written-out offset would.
 */
public sealed interface RecordField
        permits LongField,
                IntField,
                ShortField,
                ByteField,
                DoubleField,
                FloatField,
                BooleanField,
                TextField,
                BytesField {
    /** Returns the name, unique in its record. */
    String name();

    /** Returns where the field begins, in bytes from the start of the record. */
    int offset();

    /** Returns how many bytes it takes. */
    int bytes();

    /** Returns what it holds. */
    FieldType type();

    /** Returns the type for people: {@code long}, or {@code text of 32 bytes}. */
    default String typeText() {
        final String word = type().word();
        if (type() == FieldType.BYTES) {
            return bytes() + " " + word;
        }
        return type().bytes() == 0 ? word + " of " + bytes() + " bytes" : word;
    }
}
