package io.coppice.pool.schema;

import io.coppice.pool.Memory;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * A handle on a 32-bit floating-point number of a record. A store into a buffer that writes through
 * the journal is journaled; one into a {@link Memory} is not. Nothing allocates.
 *
 * @param name of the field
 * @param offset from the start of the record in bytes, a multiple of 4
 */
public record FloatField(String name, int offset) implements RecordField {
    @Override
    public int bytes() {
        return Float.BYTES;
    }

    @Override
    public FieldType type() {
        return FieldType.FLOAT;
    }

    /** Reads the field of the record that begins at {@code index} of a buffer. */
    public float get(final DirectBuffer buffer, final int index) {
        return buffer.getFloat(index + offset);
    }

    /** Reads the field of the record that begins at {@code record} of a mapped range. */
    public float get(final Memory memory, final long record) {
        return Float.intBitsToFloat(memory.getInt(record + offset));
    }

    /** Stores the field of the record that begins at {@code index} of a buffer. */
    public void put(final MutableDirectBuffer buffer, final int index, final float value) {
        buffer.putFloat(index + offset, value);
    }

    /** Stores the field of the record that begins at {@code record} of a mapped range. */
    public void put(final Memory memory, final long record, final float value) {
        memory.putInt(record + offset, Float.floatToRawIntBits(value));
    }
}
